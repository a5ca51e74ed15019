using CnnCodegen.Weights;

namespace CnnCodegen.Execution;

/// <summary>
/// Compares a weight file with what a network expects, all tensors at once. Loops rather than queries: each query over numbers is a
/// generic method that the first load would have to compile.
/// </summary>
internal static class WeightCheck
{
    private const int MaxListed = 20;

    // PyTorch's batch norms count training steps; inference has no use for it.
    private const string Ignored = ".num_batches_tracked";

    /// <exception cref="WeightFileException">Tensors are missing, surplus, or of the wrong type or shape.</exception>
    public static void Compare(SafetensorsFile file, IReadOnlyList<TensorInfo> expected)
    {
        List<string> problems = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (TensorInfo tensor in expected)
        {
            names.Add(tensor.Name);
            if (Mismatch(file, tensor) is { } problem) problems.Add(problem);
        }
        foreach (SafetensorsTensor found in file.Tensors)
        {
            if (!names.Contains(found.Name) && !found.Name.EndsWith(Ignored, StringComparison.Ordinal))
                problems.Add($"{found.Name}: {found.Dtype} {found.ShapeText} belongs to no layer that an output depends on");
        }
        if (problems.Count == 0) return;
        IEnumerable<string> lines = problems.Take(MaxListed);
        if (problems.Count > MaxListed) lines = lines.Append($"and {problems.Count - MaxListed} more");
        throw new WeightFileException(file.Source, "does not fit the network:\n  " + string.Join("\n  ", lines));
    }

    private static string? Mismatch(SafetensorsFile file, TensorInfo expected)
    {
        if (file.Find(expected.Name) is not { } found) return $"{expected.Name}: missing, expected F32 {expected.ShapeText}";
        bool matches = found.Dtype == "F32" && found.Shape.Count == expected.Shape.Count;
        for (int i = 0; matches && i < expected.Shape.Count; i++) matches = found.Shape[i] == expected.Shape[i];
        return matches ? null : $"{expected.Name}: {found.Dtype} {found.ShapeText}, expected F32 {expected.ShapeText}";
    }
}
