namespace CnnCodegen.Generator.Model;

/// <summary>How much rounding error the algorithms may add; members as in the attribute's enum.</summary>
internal enum Accuracy
{
    Default,
    Strict,
    Fast,
}

/// <summary>Pins the algorithm of a convolution or linear layer; members as in the attribute's enum. In lower case they are names of the catalog.</summary>
internal enum ConvAlgorithm
{
    Auto,
    Direct,
    Depthwise,
    Grouped,
    Strassen,
    Winograd2x2,
    Winograd3x3,
    Winograd4x4,
    Winograd6x6,
    Fft,
    Sparse,
    Unrolled,
    Shapewise,
    Popcount,
    Sliced,
    Nibbles,
    SignSums,
    Int8,
    Int8Winograd2x2,
    Int8Winograd3x3,
    Int8Winograd4x4,
    Int8Strassen,
    Reference,
}
