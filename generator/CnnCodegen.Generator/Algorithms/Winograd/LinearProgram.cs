namespace CnnCodegen.Generator.Algorithms.Winograd;

/// <summary>What one step of a <see cref="LinearProgram"/> does with its operands.</summary>
internal enum LinearOperation
{
    /// <summary>Factor * A.</summary>
    Multiply,

    /// <summary>A + B.</summary>
    Add,

    /// <summary>A - B.</summary>
    Subtract,

    /// <summary>Factor * A + B.</summary>
    MultiplyAdd,
}

/// <summary>One instruction. Its value has the next free number.</summary>
internal readonly record struct LinearStep(LinearOperation Operation, Rational Factor, int A, int B);

/// <summary>
/// The product of a constant matrix and a vector as a sequence of instructions. Sums and differences that several rows contain are computed
/// once: two columns with equal magnitudes in every row enter as their sum and their difference, and two rows with
/// equal magnitudes in every column leave as E + O and E - O, where E holds the terms of equal and O those of opposite sign
/// (the even and odd parts of a polynomial at two points a and -a).
/// </summary>
internal sealed class LinearProgram
{
    private readonly List<LinearStep> _steps = [];
    private readonly int[] _outputs;

    private LinearProgram(RationalMatrix matrix, bool mergeColumns)
    {
        Inputs = matrix.Columns;
        _outputs = new int[matrix.Rows];
        List<Dictionary<int, Rational>> rows = [.. Enumerable.Range(0, matrix.Rows).Select(row =>
            Enumerable.Range(0, matrix.Columns).Where(column => !matrix[row, column].IsZero).ToDictionary(column => column, column => matrix[row, column]))];
        if (mergeColumns) MergeColumns(rows);
        foreach (int[] group in RowGroups(rows))
        {
            if (group.Length == 1) _outputs[group[0]] = Sum(rows[group[0]]);
            else (_outputs[group[0]], _outputs[group[1]]) = Pair(rows[group[0]], rows[group[1]]);
        }
    }

    /// <summary>Values 0 to Inputs - 1 are the vector, the others the results of the steps in order.</summary>
    public int Inputs { get; }

    public IReadOnlyList<LinearStep> Steps => _steps;

    /// <summary>Instructions where none multiplies and adds.</summary>
    public int Instructions => _steps.Sum(step => step.Operation == LinearOperation.MultiplyAdd ? 2 : 1);

    /// <summary>The value of each row.</summary>
    public IReadOnlyList<int> Outputs => _outputs;

    /// <summary>The shorter of the programs with and without merged columns.</summary>
    public static LinearProgram Of(RationalMatrix matrix)
    {
        LinearProgram plain = new(matrix, mergeColumns: false), merged = new(matrix, mergeColumns: true);
        return merged.Steps.Count < plain.Steps.Count ? merged : plain;
    }

    /// <summary>The rows of a matrix, those that share their even and odd parts together.</summary>
    public static IReadOnlyList<int[]> RowGroups(RationalMatrix matrix) => RowGroups([.. Enumerable.Range(0, matrix.Rows).Select(row =>
        Enumerable.Range(0, matrix.Columns).Where(column => !matrix[row, column].IsZero).ToDictionary(column => column, column => matrix[row, column]))]);

    /// <summary>Whether a value is used more than once.</summary>
    public bool Shares
    {
        get
        {
            IEnumerable<int> uses = _steps.SelectMany(step => step.Operation == LinearOperation.Multiply ? new[] { step.A } : [step.A, step.B]).Concat(_outputs);
            return uses.GroupBy(value => value).Any(group => group.Skip(1).Any());
        }
    }

    private static List<int[]> RowGroups(List<Dictionary<int, Rational>> rows)
    {
        List<int[]> groups = [];
        HashSet<int> taken = [];
        for (int i = 0; i < rows.Count; i++)
        {
            if (!taken.Add(i)) continue;
            int partner = Enumerable.Range(i + 1, rows.Count - i - 1).Where(j => !taken.Contains(j) && SharesParts(rows[i], rows[j])).DefaultIfEmpty(-1).First();
            if (partner >= 0) taken.Add(partner);
            groups.Add(partner < 0 ? [i] : [i, partner]);
        }

        return groups;
    }

    /// <summary>Equal magnitudes throughout, with both equal and opposite signs.</summary>
    private static bool SharesParts(Dictionary<int, Rational> a, Dictionary<int, Rational> b)
    {
        int equal = a.Count(term => b.TryGetValue(term.Key, out Rational other) && other == term.Value);
        int opposite = a.Count(term => b.TryGetValue(term.Key, out Rational other) && other == -term.Value);
        return a.Count == b.Count && equal + opposite == a.Count && equal > 0 && opposite > 0;
    }

    /// <summary>Replaces columns of equal magnitudes by their sum and difference where that saves instructions.</summary>
    private void MergeColumns(List<Dictionary<int, Rational>> rows)
    {
        HashSet<int> merged = [];
        for (int a = 0; a < Inputs; a++)
        {
            for (int b = a + 1; b < Inputs && !merged.Contains(a); b++)
            {
                if (merged.Contains(b) || !rows.All(row => At(row, a).Magnitude == At(row, b).Magnitude)) continue;
                Dictionary<int, Rational>[] used = [.. rows.Where(row => row.ContainsKey(a))];
                Dictionary<int, Rational>[] sums = [.. used.Where(row => row[a] == row[b])], differences = [.. used.Except(sums)];
                if (used.Length <= Math.Min(1, sums.Length) + Math.Min(1, differences.Length)) continue;
                Replace(sums, a, b, LinearOperation.Add);
                Replace(differences, a, b, LinearOperation.Subtract);
                merged.UnionWith([a, b]);
            }
        }

        static Rational At(Dictionary<int, Rational> row, int column) => row.TryGetValue(column, out Rational value) ? value : Rational.Zero;
    }

    private void Replace(Dictionary<int, Rational>[] rows, int a, int b, LinearOperation operation)
    {
        if (rows.Length == 0) return;
        int value = Step(operation, Rational.One, a, b);
        foreach (Dictionary<int, Rational> row in rows)
        {
            row.Add(value, row[a]);
            row.Remove(a);
            row.Remove(b);
        }
    }

    private (int First, int Second) Pair(Dictionary<int, Rational> first, Dictionary<int, Rational> second)
    {
        int even = Sum(first.Where(term => second[term.Key] == term.Value));

        // The odd part without a common factor, which the last instruction multiplies by.
        KeyValuePair<int, Rational>[] terms = [.. first.Where(term => second[term.Key] != term.Value).OrderBy(term => term.Key)];
        Rational factor = terms.Select(term => term.Value).OrderBy(f => f.Magnitude == 1 ? 0 : f.IsPowerOfTwo ? 1 : 2).First();
        int odd = Sum(terms.ToDictionary(term => term.Key, term => term.Value / factor));
        return (Plus(factor), Plus(-factor));

        int Plus(Rational f) => Accumulate(even, odd, f);
    }

    /// <summary>A sum of products. It starts with a term without a factor if there is one.</summary>
    private int Sum(IEnumerable<KeyValuePair<int, Rational>> row)
    {
        KeyValuePair<int, Rational>[] terms = [.. row.OrderBy(term => term.Value == 1 ? 0 : 1).ThenBy(term => term.Key)];
        (int value, Rational factor) = (terms[0].Key, terms[0].Value);
        int sum = factor == 1 ? value : Step(LinearOperation.Multiply, factor, value, value);
        return terms.Skip(1).Aggregate(sum, (total, term) => Accumulate(total, term.Key, term.Value));
    }

    /// <summary>sum + factor * value.</summary>
    private int Accumulate(int sum, int value, Rational factor) =>
        factor == 1 ? Step(LinearOperation.Add, factor, sum, value)
        : factor == -1 ? Step(LinearOperation.Subtract, factor, sum, value)
        : Step(LinearOperation.MultiplyAdd, factor, value, sum);

    private int Step(LinearOperation operation, Rational factor, int a, int b)
    {
        _steps.Add(new LinearStep(operation, factor, a, b));
        return Inputs + _steps.Count - 1;
    }
}
