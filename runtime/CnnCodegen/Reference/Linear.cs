namespace CnnCodegen.Reference;

/// <summary>The fully connected layer.</summary>
public static class Linear
{
    /// <summary><c>y[n,k] = bias[k] + sum over c of weight[k,c] * x[n,c]</c>, x flattened behind its first dimension.</summary>
    /// <param name="x">N x anything of C elements.</param>
    /// <param name="weight">K x C.</param>
    /// <param name="bias">K, or null for none.</param>
    /// <returns>N x K.</returns>
    public static ReferenceTensor Apply(ReferenceTensor x, ReferenceTensor weight, ReferenceTensor? bias)
    {
        int features = weight.Shape[1], filters = weight.Shape[0];
        double[] values = x.Reshape(x.Shape[0], features).Data, weights = weight.Data;
        return ReferenceTensor.Generate([x.Shape[0], filters], i =>
        {
            double sum = bias?.Data[i[1]] ?? 0;
            for (int c = 0; c < features; c++) sum += weights[(i[1] * features) + c] * values[(i[0] * features) + c];
            return sum;
        });
    }
}
