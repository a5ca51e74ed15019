namespace CnnCodegen.Tool.Quantization;

/// <summary>How the range of a value is chosen from what it was on samples.</summary>
internal enum CalibrationMethod
{
    /// <summary>From the least to the greatest element.</summary>
    MinMax,

    /// <summary>So that the given share of the elements lies inside, as many beyond either end.</summary>
    Percentile,

    /// <summary>
    /// The range whose quantized distribution is nearest to that of the elements by the Kullback-Leibler divergence (Migacz 2017, "8-bit
    /// Inference with TensorRT").
    /// </summary>
    Entropy,
}
