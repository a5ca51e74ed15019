namespace CnnCodegen;

/// <summary>
/// How much rounding error the algorithms of a network may add. The measure is the a-priori bound of an algorithm's error as a
/// multiple of that of direct convolution; the plan shows it. Measured errors are far smaller than the bounds.
/// </summary>
public enum Accuracy
{
    /// <summary>Up to 100,000 times the direct bound, as usual in inference libraries: Winograd up to 4 x 4 outputs of a 3 x 3 window, FFT.
    /// Layers of binary values and weights, whose sums are exact, stay exact; layers of 8 bits do with <see cref="Strict"/>.</summary>
    Default,

    /// <summary>Nothing less accurate than direct convolution.</summary>
    Strict,

    /// <summary>Everything, such as Winograd with 6 x 6 outputs.</summary>
    Fast,
}
