using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Winograd;

/// <summary>A convolution of stride 1 by tiles of m x m outputs: how the plane is cut into tiles, and the tiles into blocks and register tiles.</summary>
internal abstract record TilePlan(string Algorithm, Isa Isa, string Name, string Summary, int Units) : KernelPlan(Algorithm, Isa, Name, Summary, Units)
{
    /// <summary>Rows and columns of outputs of a tile (m), and of the kernel (r).</summary>
    public int Outputs { get; init; }

    public int Taps { get; init; }

    public int Images { get; init; }

    /// <summary>Output pixels.</summary>
    public int Height { get; init; }

    public int Width { get; init; }

    /// <summary>The tiles of all images, row by row, cut into the blocks that units take.</summary>
    public Cut Blocks { get; init; }

    /// <summary>The tiles of a block (of the larger ones) cut into register tiles.</summary>
    public Cut Pieces { get; init; }

    /// <summary>The blocks have two sizes. The smaller ones, by one tile, have one large register tile less.</summary>
    public bool Uneven => Blocks.Large < Blocks.Count;

    /// <summary>The sizes of register tiles, the larger first.</summary>
    public IReadOnlyList<int> PieceSizes => Uneven || Pieces.Large < Pieces.Count ? [Pieces.Size, Pieces.Size - 1] : [Pieces.Size];

    /// <summary>Rows and columns of inputs of a tile (n), and its elements.</summary>
    public int Size => Outputs + Taps - 1;

    public int Elements => Size * Size;

    public int TileRows => (Height + Outputs - 1) / Outputs;

    public int TileColumns => (Width + Outputs - 1) / Outputs;

    public int Tiles => Images * TileRows * TileColumns;

    /// <summary>The pixels around the input that tiles reach; the last ones may go beyond the plane and its padding.</summary>
    public Border Reach(PlaneWindow window, TensorShape input)
    {
        return new(window.Rows.PadBegin, window.Columns.PadBegin, End(window.Rows, TileRows, input[2]), End(window.Columns, TileColumns, input[3]));

        int End(WindowAxis axis, int tiles, int extent) => Math.Max(0, (tiles * Outputs) + Taps - 1 - axis.PadBegin - extent);
    }

    /// <summary>An odd number of cache lines: the elements of one tile fall into different sets of a cache.</summary>
    protected static int Spread(long bytes) => checked((int)(Alignment.Up(bytes) | Alignment.Bytes));
}
