using System.Numerics.Tensors;

namespace CnnCodegen.Execution;

/// <summary>Views tensor arguments of a generated <c>Run</c> as the spans that the kernels read and write.</summary>
public static class TensorArguments
{
    /// <summary>The elements of an input.</summary>
    /// <param name="tensor">The input, dense; a leading batch dimension of 1 may be left out.</param>
    /// <param name="expected">What the network declares.</param>
    /// <exception cref="ArgumentException">Its shape differs, or it is not dense.</exception>
    public static ReadOnlySpan<float> Dense(in ReadOnlyTensorSpan<float> tensor, TensorInfo expected)
    {
        Check(tensor.Lengths, tensor.IsDense, expected);
        return tensor.GetSpan(stackalloc nint[tensor.Rank], expected.Length);
    }

    /// <summary>The elements of an output.</summary>
    /// <param name="tensor">The output, dense; a leading batch dimension of 1 may be left out.</param>
    /// <param name="expected">What the network declares.</param>
    /// <exception cref="ArgumentException">Its shape differs, or it is not dense.</exception>
    public static Span<float> Dense(in TensorSpan<float> tensor, TensorInfo expected)
    {
        Check(tensor.Lengths, tensor.IsDense, expected);
        return tensor.GetSpan(stackalloc nint[tensor.Rank], expected.Length);
    }

    private static void Check(ReadOnlySpan<nint> lengths, bool dense, TensorInfo expected)
    {
        if (!Matches(lengths, expected.Shape))
            throw new ArgumentException($"'{expected.Name}' is {expected.ShapeText}, but a tensor of shape {string.Join('x', lengths.ToArray())} was given", expected.Name);
        if (!dense)
            throw new ArgumentException($"'{expected.Name}' must be dense, but the given tensor has gaps between its elements; copy it first", expected.Name);
    }

    private static bool Matches(ReadOnlySpan<nint> lengths, IReadOnlyList<int> shape)
    {
        int skipped = shape.Count - lengths.Length;
        if (skipped != 0 && !(skipped == 1 && shape[0] == 1)) return false;
        for (int i = 0; i < lengths.Length; i++)
            if (lengths[i] != shape[i + skipped]) return false;
        return true;
    }
}
