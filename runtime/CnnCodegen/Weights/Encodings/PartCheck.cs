namespace CnnCodegen.Weights.Encodings;

/// <summary>Compares the parts of an encoded tensor with what its encoding expects, and lists what differs.</summary>
internal sealed class PartCheck(EncodedTensor tensor, List<string> problems)
{
    /// <summary>In place of a dimension that may be of any length.</summary>
    public const int Any = -1;

    /// <summary>A part that there must be, of this type and shape.</summary>
    public void Expect(string part, string dtype, params ReadOnlySpan<int> shape) => ExpectTensor(tensor.PartName(part), dtype, shape);

    /// <summary>A part that there must not be.</summary>
    /// <param name="part">The part.</param>
    /// <param name="where">Where it would have no meaning.</param>
    public void Refuse(string part, string where)
    {
        if (tensor.Has(part)) problems.Add($"{tensor.PartName(part)}: has no meaning {where}");
    }

    /// <summary>The tensor itself, not encoded.</summary>
    public void ExpectPlain() => ExpectTensor(tensor.Name, "F32", [.. tensor.Shape]);

    private void ExpectTensor(string name, string dtype, ReadOnlySpan<int> shape)
    {
        string expected = dtype + " " + Text(shape);
        if (tensor.File.Find(name) is not { } found) problems.Add($"{name}: missing, expected {expected}");
        else if (found.Dtype != dtype || !Fits(found.Shape, shape)) problems.Add($"{name}: {found.Dtype} {found.ShapeText}, expected {expected}");
    }

    private static bool Fits(IReadOnlyList<long> found, ReadOnlySpan<int> shape)
    {
        if (found.Count != shape.Length) return false;
        for (int i = 0; i < shape.Length; i++)
            if (shape[i] != Any && found[i] != shape[i]) return false;
        return true;
    }

    private static string Text(ReadOnlySpan<int> shape)
    {
        if (shape.IsEmpty) return "scalar";
        string text = "";
        foreach (int dimension in shape) text += (text.Length == 0 ? "" : "x") + (dimension == Any ? "?" : dimension);
        return text;
    }
}
