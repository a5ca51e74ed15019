using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace CnnCodegen.Compression;

/// <summary>
/// A dictionary for all filters of a layer (Bagherinezhad, Rastegari, Farhadi 2017, "LCNN: Lookup-based Convolutional Neural Network"): the
/// weights of each filter at each tap, a vector over the input channels, become a sum of a few words.
/// </summary>
/// <param name="Words">The dictionary: words x input channels.</param>
/// <param name="Coefficients">Filters x words x taps, mostly zeros.</param>
public sealed record LookupDictionary(float[][] Words, float[] Coefficients)
{
    private const int Rounds = 5;
    private const double Ridge = 1e-10;

    /// <summary>
    /// Learns words and codes in turns, from the centres of k-means: codes by matching pursuit, words by least squares. Of all rounds the
    /// one of least error is returned.
    /// </summary>
    /// <param name="weights">Filters x input channels x taps.</param>
    /// <param name="filters">Number of filters.</param>
    /// <param name="channels">Number of input channels.</param>
    /// <param name="words">Size of the dictionary; a word that no filter needs is zero.</param>
    /// <param name="terms">The most words for one tap of one filter.</param>
    public static LookupDictionary Learn(float[] weights, int filters, int channels, int words, int terms)
    {
        int taps = weights.Length / (filters * channels);
        float[][] vectors = Vectors(weights, filters, channels, taps);
        float[][] dictionary = KMeans.Cluster(vectors, words).Centres;
        SparseCode[] best = [];
        (float[][] bestDictionary, double least) = (dictionary, double.PositiveInfinity);
        for (int round = 0; round < Rounds; round++)
        {
            float[] norms = [.. dictionary.Select(word => TensorPrimitives.Norm<float>(word))];
            SparseCode[] codes = [.. vectors.AsParallel().AsOrdered().Select(vector => MatchingPursuit.Code(dictionary, norms, vector, terms))];
            double error = Error(vectors, codes, dictionary);
            if (error < least) (best, bestDictionary, least) = (codes, dictionary, error);
            if (error == 0 || Update(vectors, codes, dictionary) is not { } updated) break;
            dictionary = updated;
        }
        return new LookupDictionary(
            [.. bestDictionary, .. Enumerable.Range(0, words - bestDictionary.Length).Select(_ => new float[channels])],
            Spread(best, filters, words, taps));
    }

    /// <summary>The weights that the dictionary stands for: filters x input channels x taps.</summary>
    public static float[] Expand(IReadOnlyList<float[]> words, float[] coefficients, int filters)
    {
        int channels = words[0].Length, taps = coefficients.Length / (filters * words.Count);
        float[] weights = new float[filters * channels * taps];
        for (int k = 0; k < filters; k++)
        {
            for (int c = 0; c < channels; c++)
            {
                for (int t = 0; t < taps; t++)
                {
                    double sum = 0;
                    for (int i = 0; i < words.Count; i++) sum += (double)coefficients[(((k * words.Count) + i) * taps) + t] * words[i][c];
                    weights[(((k * channels) + c) * taps) + t] = (float)sum;
                }
            }
        }
        return weights;
    }

    private static float[][] Vectors(float[] weights, int filters, int channels, int taps)
    {
        float[][] vectors = new float[filters * taps][];
        for (int i = 0; i < vectors.Length; i++)
        {
            (int filter, int tap) = (i / taps, i % taps);
            vectors[i] = [.. Enumerable.Range(0, channels).Select(c => weights[(((filter * channels) + c) * taps) + tap])];
        }
        return vectors;
    }

    private static float[] Spread(SparseCode[] codes, int filters, int words, int taps)
    {
        float[] coefficients = new float[filters * words * taps];
        for (int i = 0; i < codes.Length; i++)
        {
            for (int t = 0; t < codes[i].Words.Length; t++)
                coefficients[((((i / taps) * words) + codes[i].Words[t]) * taps) + (i % taps)] = (float)codes[i].Coefficients[t];
        }
        return coefficients;
    }

    private static double Error(float[][] vectors, SparseCode[] codes, float[][] dictionary)
    {
        double error = 0;
        float[] residual = new float[vectors[0].Length];
        for (int i = 0; i < vectors.Length; i++)
        {
            vectors[i].CopyTo(residual, 0);
            for (int t = 0; t < codes[i].Words.Length; t++) TensorPrimitives.MultiplyAdd(dictionary[codes[i].Words[t]], (float)-codes[i].Coefficients[t], residual, residual);
            error += TensorPrimitives.SumOfSquares<float>(residual);
        }
        return error;
    }

    /// <summary>The words that fit the codes best; those that no code uses stay. Null where the equations cannot be solved.</summary>
    private static float[][]? Update(float[][] vectors, SparseCode[] codes, float[][] dictionary)
    {
        int words = dictionary.Length, channels = vectors[0].Length;
        Matrix<double> gram = new DenseMatrix(words, words), right = new DenseMatrix(words, channels);
        for (int v = 0; v < vectors.Length; v++)
        {
            SparseCode code = codes[v];
            for (int i = 0; i < code.Words.Length; i++)
            {
                for (int j = 0; j < code.Words.Length; j++) gram[code.Words[i], code.Words[j]] += code.Coefficients[i] * code.Coefficients[j];
                for (int c = 0; c < channels; c++) right[code.Words[i], c] += code.Coefficients[i] * vectors[v][c];
            }
        }
        double trace = gram.Trace();
        bool[] used = [.. Enumerable.Range(0, words).Select(i => gram[i, i] > 0)];
        for (int i = 0; i < words; i++) gram[i, i] += used[i] ? Ridge * trace / words : 1;
        try
        {
            Matrix<double> solved = gram.Cholesky().Solve(right);
            return [.. Enumerable.Range(0, words).Select(i => used[i] ? Array.ConvertAll(solved.Row(i).ToArray(), x => (float)x) : dictionary[i])];
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
