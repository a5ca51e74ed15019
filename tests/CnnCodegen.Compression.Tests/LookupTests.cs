namespace CnnCodegen.Compression.Tests;

public sealed class LookupTests
{
    [Fact]
    public void Pursuit_is_exact_where_orthogonal_words_give_the_vector()
    {
        SparseCode code = MatchingPursuit.Code([[0, 0, 0], [2, 0, 0], [0, 3, 0], [0, 0, 1]], [4, 0, -5], 2);

        Assert.Equal([3, 1], code.Words);
        Assert.Equal([-5, 2], code.Coefficients);
    }

    [Fact]
    public void Pursuit_refits_what_it_chose_before()
    {
        // The first word is not orthogonal to the second: its coefficient must change when that comes in.
        SparseCode code = MatchingPursuit.Code([[1, 0], [1, 1]], [3, 2], 2);

        Assert.Equal([0, 1], code.Words.Order());
        Assert.Equal(1, code.Coefficients[Array.IndexOf(code.Words, 0)], 1e-9);
        Assert.Equal(2, code.Coefficients[Array.IndexOf(code.Words, 1)], 1e-9);
    }

    [Fact]
    public void Pursuit_takes_no_more_words_than_needed_and_none_for_zero()
    {
        Assert.Equal([1], MatchingPursuit.Code([[1, 0], [1, 1]], [2, 2], 2).Words);
        Assert.Empty(MatchingPursuit.Code([[1, 0], [1, 1]], [0, 0], 2).Words);
        Assert.Single(MatchingPursuit.Code([[1, 1], [2, 2]], [1, 0], 2).Words);
    }

    [Fact]
    public void Clusters_that_lie_apart_are_found()
    {
        float[][] points = [.. Enumerable.Range(0, 60).Select(i => new[] { 10f * (i % 3) + 0.01f * i, -5f * (i % 3) })];

        (float[][] centres, int[] assignments) = KMeans.Cluster(points, 3);

        Assert.Equal(3, centres.Length);
        for (int i = 3; i < 60; i++) Assert.Equal(assignments[i % 3], assignments[i]);
        Assert.Equal(0.01f * Enumerable.Range(0, 20).Average(i => 3 * i), centres[assignments[0]][0], 1e-4);
    }

    [Fact]
    public void There_are_no_more_centres_than_points() => Assert.Equal(2, KMeans.Cluster([[1], [2], [1], [2]], 3).Centres.Length);

    [Fact]
    public void A_layer_made_of_few_words_is_given_back()
    {
        const int filters = 16, channels = 12, words = 4, taps = 9;
        float[][] dictionary = [.. Enumerable.Range(0, words).Select(i => Numbers.Random(channels, i))];
        float[] scales = Numbers.Random(filters * taps, 9), coefficients = new float[filters * words * taps];
        // Each vector is a multiple of one word, scaled so that k-means sees four clusters.
        for (int i = 0; i < filters * taps; i++) coefficients[((((i / taps) * words) + (i % words)) * taps) + (i % taps)] = 3 + 0.01f * scales[i];
        float[] weights = LookupDictionary.Expand(dictionary, coefficients, filters);

        LookupDictionary learned = LookupDictionary.Learn(weights, filters, channels, words, 1);

        Assert.Equal(filters * taps, learned.Coefficients.Count(c => c != 0));
        Assert.All(weights.Zip(LookupDictionary.Expand(learned.Words, learned.Coefficients, filters)), w => Assert.Equal(w.First, w.Second, 1e-4));
    }

    [Fact]
    public void As_many_words_as_vectors_are_exact()
    {
        float[] weights = Numbers.Random(3 * 5 * 4, 1);

        LookupDictionary learned = LookupDictionary.Learn(weights, 3, 5, 20, 1);

        Assert.Equal(20, learned.Words.Length);
        Assert.All(weights.Zip(LookupDictionary.Expand(learned.Words, learned.Coefficients, 3)), w => Assert.Equal(w.First, w.Second, 1e-5));
    }

    [Fact]
    public void More_terms_and_more_words_err_less()
    {
        float[] weights = Numbers.Random(16 * 8 * 9, 1);

        double Error(int words, int terms)
        {
            LookupDictionary learned = LookupDictionary.Learn(weights, 16, 8, words, terms);
            Assert.True(learned.Coefficients.Count(c => c != 0) <= 16 * 9 * terms);
            return weights.Zip(LookupDictionary.Expand(learned.Words, learned.Coefficients, 16)).Sum(w => Math.Pow(w.First - w.Second, 2));
        }

        Assert.True(Error(16, 3) < Error(16, 2) && Error(16, 2) < Error(16, 1) && Error(32, 2) < Error(16, 2));
    }
}
