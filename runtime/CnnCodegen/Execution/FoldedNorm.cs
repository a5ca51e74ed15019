namespace CnnCodegen.Execution;

/// <summary>An inference batch norm as one multiply-add per channel: y = x * Scale[c] + Shift[c].</summary>
/// <param name="Scale">weight / sqrt(running_var + epsilon).</param>
/// <param name="Shift">bias - running_mean * Scale.</param>
public sealed record FoldedNorm(double[] Scale, double[] Shift);
