using CnnCodegen.Weights;

namespace CnnCodegen.Execution;

/// <summary>Compares a weight file with what a network expects, all tensors at once.</summary>
internal static class WeightCheck
{
    private const int MaxListed = 20;

    // PyTorch's batch norms count training steps; inference has no use for it.
    private const string Ignored = ".num_batches_tracked";

    /// <exception cref="WeightFileException">Tensors are missing, surplus, or of the wrong type or shape.</exception>
    public static void Compare(SafetensorsFile file, IReadOnlyList<TensorInfo> expected)
    {
        string[] problems = [.. expected.Select(tensor => Mismatch(file, tensor)).OfType<string>(), .. Surplus(file, expected)];
        if (problems.Length == 0) return;
        IEnumerable<string> lines = problems.Take(MaxListed);
        if (problems.Length > MaxListed) lines = lines.Append($"and {problems.Length - MaxListed} more");
        throw new WeightFileException(file.Source, "does not fit the network:\n  " + string.Join("\n  ", lines));
    }

    private static string? Mismatch(SafetensorsFile file, TensorInfo expected)
    {
        if (file.Find(expected.Name) is not { } found) return $"{expected.Name}: missing, expected F32 {expected.ShapeText}";
        bool sameShape = found.Shape.SequenceEqual(expected.Shape.Select(dimension => (long)dimension));
        return sameShape && found.Dtype == "F32" ? null : $"{expected.Name}: {found.Dtype} {found.ShapeText}, expected F32 {expected.ShapeText}";
    }

    private static IEnumerable<string> Surplus(SafetensorsFile file, IReadOnlyList<TensorInfo> expected)
    {
        HashSet<string> names = [.. expected.Select(tensor => tensor.Name)];
        return file.Tensors
            .Where(found => !names.Contains(found.Name) && !found.Name.EndsWith(Ignored, StringComparison.Ordinal))
            .Select(found => $"{found.Name}: {found.Dtype} {found.ShapeText} belongs to no layer that an output depends on");
    }
}
