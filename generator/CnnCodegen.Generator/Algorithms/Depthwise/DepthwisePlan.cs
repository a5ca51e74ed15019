using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Depthwise;

/// <summary>A depthwise convolution: strides and offsets in bytes, everything else in elements.</summary>
internal sealed record DepthwisePlan(Isa Isa, string Name, string Summary, PlaneUnits Planes)
    : KernelPlan(DepthwiseAlgorithm.Id, Isa, Name, Summary, Planes.Count)
{
    public int KernelH { get; init; }

    public int KernelW { get; init; }

    /// <summary>The register tile: output rows and columns of one channel block.</summary>
    public Cut Rows { get; init; }

    public Cut Columns { get; init; }

    /// <summary>All weights of a channel block stay in registers; otherwise each tap's weights are loaded once for a tile.</summary>
    public bool Resident { get; init; }

    /// <summary>The weights of a channel are one magnitude with signs: one bit each, of which every unit makes floats in scratch memory.</summary>
    public bool Signs { get; init; }

    /// <summary>The input; a row and a column are those of the first tap from one output to the next.</summary>
    public PlaneStrides Input { get; init; } = null!;

    /// <summary>Distances from a kernel row and a kernel column to the next.</summary>
    public int TapRow { get; init; }

    public int TapColumn { get; init; }

    public PlaneStrides Output { get; init; } = null!;

    /// <summary>What is added before the activation; null if nothing is.</summary>
    public PlaneStrides? Residual { get; init; }

    public Activation? Activation { get; init; }

    public override string Tile => $"{Rows.Size}x{Columns.Size} pixels" + (Resident ? ", weights in registers" : "");

    public int Taps => KernelH * KernelW;

    public int VectorBytes => Isa.Lanes() * 4;

    /// <summary>Bytes of the weights of a channel block as floats.</summary>
    public int FilterBytes => Taps * VectorBytes;

    /// <summary>The same in memory.</summary>
    public int StoredBytes => Signs ? Cut.CeilingOver(Taps * Isa.Lanes(), 8) : FilterBytes;

    /// <summary>Bytes of the biases; magnitudes, as many, come before them.</summary>
    public int BiasBytes => (int)Alignment.Up((long)Planes.Blocks * VectorBytes);

    public int BiasOffset => Signs ? BiasBytes : 0;

    public int WeightOffset => BiasOffset + BiasBytes;

    public long WeightBytes => WeightOffset + Alignment.Up((long)Planes.Blocks * StoredBytes);
}

/// <summary>
/// Weights in the order in which the depthwise kernel reads them: a bias for each channel, then (at the next multiple
/// of 64 bytes) [channel block][tap][lane], zeros where there is no channel. Of signs a magnitude for each channel, a bias for each, and a bit in
/// place of each float, a channel block in whole bytes.
/// </summary>
internal sealed record DepthwiseRecipe(ConvWeights Tensors, int Channels, int Taps, int Lanes, bool Signs, long Bytes) : PackRecipe(Bytes);
