namespace CnnCodegen.Reference;

/// <summary>Functions of two tensors under NumPy's broadcasting.</summary>
public static class Broadcasting
{
    /// <summary>
    /// <c>y[i] = function(a[i], b[i])</c>. Shapes are aligned at their last dimensions; a dimension of 1, or a missing one,
    /// is repeated to the other's size.
    /// </summary>
    /// <exception cref="ArgumentException">Two dimensions differ and neither is 1.</exception>
    public static ReferenceTensor Apply(ReferenceTensor a, ReferenceTensor b, Func<double, double, double> function)
    {
        int[] shape = Shape(a.Shape, b.Shape);
        return ReferenceTensor.Generate(shape, i => function(a[Index(a.Shape, i)], b[Index(b.Shape, i)]));
    }

    /// <summary>x for x >= 0, otherwise slope * x, the slope broadcast to the input.</summary>
    public static ReferenceTensor PRelu(ReferenceTensor x, ReferenceTensor slope) => Apply(x, slope, Activations.LeakyRelu);

    /// <summary>
    /// Matrix products of the last two dimensions, the others broadcast: <c>y[..., i, j] = sum over l of a[..., i, l] * b[..., l, j]</c>.
    /// </summary>
    public static ReferenceTensor MatMul(ReferenceTensor a, ReferenceTensor b)
    {
        int inner = a.Shape[^1];
        if (inner != b.Shape[^2])
            throw new ArgumentException($"{ReferenceTensor.Text(a.Shape)} and {ReferenceTensor.Text(b.Shape)} do not multiply");
        int[] shape = [.. Shape(a.Shape[..^2], b.Shape[..^2]), a.Shape[^2], b.Shape[^1]];
        return ReferenceTensor.Generate(shape, i =>
        {
            int[] left = Index(a.Shape, i), right = Index(b.Shape, i);
            double sum = 0;
            for (int l = 0; l < inner; l++)
            {
                (left[^2], left[^1], right[^2], right[^1]) = (i[^2], l, l, i[^1]);
                sum += a[left] * b[right];
            }

            return sum;
        });
    }

    private static int[] Shape(int[] a, int[] b)
    {
        int[] shape = new int[Math.Max(a.Length, b.Length)];
        for (int i = 1; i <= shape.Length; i++)
        {
            int left = i <= a.Length ? a[^i] : 1, right = i <= b.Length ? b[^i] : 1;
            if (left != right && left != 1 && right != 1)
                throw new ArgumentException($"{ReferenceTensor.Text(a)} and {ReferenceTensor.Text(b)} do not broadcast");
            shape[^i] = left == 1 ? right : left;
        }

        return shape;
    }

    /// <summary>Where the element at <paramref name="index"/> of the result lies in a tensor of <paramref name="shape"/>.</summary>
    private static int[] Index(int[] shape, int[] index)
    {
        int[] own = index[^shape.Length..];
        for (int i = 0; i < own.Length; i++) own[i] = shape[i] == 1 ? 0 : own[i];
        return own;
    }
}
