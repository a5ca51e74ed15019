namespace CnnCodegen.Generator.Reading;

/// <summary>What a misspelt name was probably meant to be.</summary>
internal static class NearestName
{
    /// <summary>The candidate with the smallest edit distance (the first of several); null without candidates.</summary>
    public static string? Of(string name, IEnumerable<string> candidates)
    {
        string? nearest = null;
        int smallest = int.MaxValue;
        foreach (string candidate in candidates)
        {
            int distance = EditDistance(name, candidate);
            if (distance >= smallest) continue;
            (nearest, smallest) = (candidate, distance);
        }

        return nearest;
    }

    /// <summary>Insertions, deletions and replacements that turn <paramref name="a"/> into <paramref name="b"/> (Levenshtein 1966).</summary>
    private static int EditDistance(string a, string b)
    {
        int[] row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[b.Length];
    }
}
