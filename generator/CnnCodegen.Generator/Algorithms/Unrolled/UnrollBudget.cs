namespace CnnCodegen.Generator.Algorithms.Unrolled;

/// <summary>How much straight-line code pays.</summary>
internal static class UnrollBudget
{
    /// <summary>Instructions of a kernel, beyond which compiling it takes longer than it may ever save.</summary>
    public const int Instructions = 16_384;

    /// <summary>References to variables in a method; the JIT compiler optimises up to 8,000, or 20,000 of its instructions.</summary>
    public const int References = 5_500;

    /// <summary>Cuts items into methods whose references stay below the budget.</summary>
    public static IEnumerable<IReadOnlyList<T>> Methods<T>(IEnumerable<T> items, Func<T, int> references)
    {
        List<T> method = [];
        int used = 0;
        foreach (T item in items)
        {
            int needed = references(item);
            if (method.Count > 0 && used + needed > References)
            {
                yield return method;
                (method, used) = ([], 0);
            }

            method.Add(item);
            used += needed;
        }

        if (method.Count > 0) yield return method;
    }
}
