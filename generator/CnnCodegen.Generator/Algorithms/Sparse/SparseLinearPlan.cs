using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Sparse;

/// <summary>A linear layer as products of compressed rows with a vector.</summary>
internal sealed record SparseLinearPlan(Isa Isa, string Name, string Summary, int Units) : KernelPlan(SparseAlgorithm.Id, Isa, Name, Summary, Units)
{
    /// <summary>Vectors to multiply with.</summary>
    public int Images { get; init; } = 1;

    public int InFeatures { get; init; }

    public int OutFeatures { get; init; }

    /// <summary>The output features cut into units.</summary>
    public Cut Bands { get; init; }

    /// <summary>A tensor in the form of the output is added before the activation.</summary>
    public bool Residual { get; init; }

    public Activation? Activation { get; init; }

    /// <summary>Room for so many non-zero weights.</summary>
    public int Entries { get; init; }

    /// <summary>Indices take two bytes.</summary>
    public bool ShortIndices => InFeatures <= ushort.MaxValue + 1;

    /// <summary>Where the ends of the rows begin behind the biases, then the values, and the indices.</summary>
    public long EndsOffset => Alignment.Up(4L * OutFeatures);

    public long ValuesOffset => EndsOffset + Alignment.Up(4L * (OutFeatures + 1));

    public long IndicesOffset => ValuesOffset + Alignment.Up(4L * Entries);

    public long WeightBytes => IndicesOffset + Alignment.Up((ShortIndices ? 2L : 4L) * Entries);
}

/// <summary>
/// Non-zero weights row by row (CSR): biases, the number of each row's first weight and at the end that of all, values, and indices of two
/// bytes where the features are few enough, else four; each at a multiple of 64 bytes.
/// </summary>
internal sealed record SparseLinearRecipe(ConvWeights Tensors, int OutFeatures, int InFeatures, int Entries, long Bytes) : PackRecipe(Bytes);
