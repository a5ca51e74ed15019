using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Grouped;

/// <summary>A grouped convolution over planes of pixels: strides and offsets in bytes, everything else in elements.</summary>
internal sealed record GroupedPlan(Isa Isa, string Name, string Summary, int Units) : KernelPlan(GroupedAlgorithm.Id, Isa, Name, Summary, Units)
{
    public int Images { get; init; } = 1;

    public int Groups { get; init; }

    /// <summary>Input and output channels of a group.</summary>
    public int InChannels { get; init; }

    public int OutChannels { get; init; }

    public int KernelH { get; init; }

    public int KernelW { get; init; }

    public int OutH { get; init; }

    public int OutW { get; init; }

    /// <summary>Distance of neighbouring outputs of a row in pixels of the input.</summary>
    public int ColumnStride { get; init; }

    /// <summary>Pixels of the input from an output row to the next, where a segment has several.</summary>
    public int Pitch { get; init; }

    /// <summary>Output rows that are computed as one run of pixels; the last segment overlaps the one before it.</summary>
    public int SegmentRows { get; init; }

    public GroupedTile Register { get; init; } = null!;

    /// <summary>Distances in the input: an image, a channel, an output row, a pixel; the origin is the first pixel's first tap.</summary>
    public PlaneStrides Input { get; init; } = null!;

    /// <summary>Distances in the input between kernel rows and kernel columns.</summary>
    public int TapRow { get; init; }

    public int TapColumn { get; init; }

    /// <summary>A tensor in the form of the output is added before the activation.</summary>
    public bool Residual { get; init; }

    public Activation? Activation { get; init; }

    public override string Tile => $"{Register.Vectors} {(Register.Vectors == 1 ? "vector" : "vectors")} of pixels x {Register.Channels.Size} channels";

    public int Taps => KernelH * KernelW;

    public int Segments => (OutH + SegmentRows - 1) / SegmentRows;

    /// <summary>Pixels of a segment: its outputs and what lies between them.</summary>
    public int SegmentPixels => ((SegmentRows - 1) * Pitch) + ((OutW - 1) * ColumnStride) + 1;

    /// <summary>A segment's pixels are the outputs, one behind the other; otherwise they wait in scratch memory and are copied row by row.</summary>
    public bool IsExact => ColumnStride == 1 && (SegmentRows == 1 || Pitch == OutW);

    /// <summary>Tiles that are the outputs themselves are finished in registers.</summary>
    public bool TileHasResidual => IsExact && Residual;

    /// <summary>Floats of the widest vector that a segment fills.</summary>
    public int Lanes => Width.Widest(Isa, SegmentPixels).Lanes;

    /// <summary>Bytes of one channel of a segment in scratch memory.</summary>
    public int ScratchChannel => (int)Alignment.Up(SegmentPixels * 4L);

    /// <summary>Bytes of the weights of one output channel.</summary>
    public int FilterBytes => InChannels * Taps * 4;

    /// <summary>Where the biases begin.</summary>
    public long BiasOffset => Alignment.Up((long)Groups * OutChannels * FilterBytes);

    /// <summary>Bytes of one channel of the output.</summary>
    public int OutputChannel => OutH * OutW * 4;
}
