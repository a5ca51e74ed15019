using CnnCodegen.Weights;
using CnnCodegen.Weights.Encodings;

namespace CnnCodegen.Execution;

/// <summary>
/// Compares a weight file with what a network expects, all tensors at once. Where each tensor lies there as it is and no other does, that is seen without
/// what only encoded tensors and messages need: the first load compiles every method that it calls.
/// </summary>
internal static class WeightCheck
{
    private const int MaxListed = 20;

    // PyTorch's batch norms count training steps; inference has no use for it.
    private const string Ignored = ".num_batches_tracked";

    /// <exception cref="WeightFileException">Tensors are missing, surplus, or of the wrong type or shape.</exception>
    public static void Compare(SafetensorsFile file, IReadOnlyList<TensorInfo> expected)
    {
        int matching = 0;
        while (matching < expected.Count && Matches(file, expected[matching])) matching++;
        if (matching < expected.Count || matching < file.Tensors.Count) CompareEncoded(file, expected);
    }

    private static void CompareEncoded(SafetensorsFile file, IReadOnlyList<TensorInfo> expected)
    {
        List<string> problems = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (TensorInfo tensor in expected)
        {
            names.Add(tensor.Name);
            if (Matches(file, tensor)) continue;
            EncodedTensor encoded = new(file, tensor.Name, tensor.Shape);
            if (TensorEncodings.Check(encoded, problems) is { } encoding)
                foreach (string part in encoding.Parts) names.Add(encoded.PartName(part));
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

    private static bool Matches(SafetensorsFile file, TensorInfo expected)
    {
        if (file.Find(expected.Name) is not { } found) return false;
        bool matches = found.Dtype == "F32" && found.Shape.Count == expected.Shape.Count;
        for (int i = 0; matches && i < expected.Shape.Count; i++) matches = found.Shape[i] == expected.Shape[i];
        return matches;
    }
}
