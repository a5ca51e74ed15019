using CnnCodegen.Generator.Algorithms.Sparse;
using CnnCodegen.Generator.Planning;
using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Algorithms.Unrolled;

/// <summary>A convolution whose products with the non-zero weights are straight-line code, in the tiles and patches of the sparse one.</summary>
/// <param name="Loops">Tiles, patches, blocks of input channels; its own weights are not used.</param>
/// <param name="Methods">The products, in the order in which they are computed.</param>
internal sealed record UnrolledConvPlan(SparseConvPlan Loops, EquatableArray<UnrolledMethod> Methods)
    : KernelPlan(UnrolledAlgorithm.Id, Loops.Isa, Loops.Name.Replace("_Sparse_", "_Unrolled_"), Loops.Summary.Replace("Sparse", "Unrolled sparse").Replace("at most ", ""), Loops.Units)
{
    public override string Tile => $"{Loops.Pixels.Describe()}, {Loops.Entries} weights";

    /// <summary>The most output channels whose sums are in registers at once.</summary>
    public int RowsAtOnce => Math.Max(1, MaxChains / Loops.Pixels.Sums);

    /// <summary>Where the values begin behind the biases.</summary>
    public long ValuesOffset => Alignment.Up(4L * Loops.OutChannels);

    public long WeightBytes => ValuesOffset + Alignment.Up(4L * Loops.Entries);

    /// <summary>
    /// Where pointers lie behind the input of a tile's first output, in bytes: a vector next to a pointer takes three bytes of code less, and fetching
    /// code is what straight-line code waits for. 512-bit vectors count such distances in whole vectors.
    /// </summary>
    public IReadOnlyList<int> Pointers => [.. Enumerable.Range(0, Loops.Pixels.Sums).Select(Pointer).Distinct()];

    /// <summary>The pointer next to the input of a sum.</summary>
    public int Pointer(int sum)
    {
        int reach = Isa == Isa.Avx512 ? 256 * Loops.VectorBytes : 256;
        return (Loops.SumOffset(sum, Loops.Patch.RowBytes) / reach * reach) + (reach / 2);
    }

    /// <summary>Instructions that multiply.</summary>
    public int Instructions => Loops.Entries * (Loops.Pixels.Sums + Pointers.Count + 1);

    /// <summary>Sums that depend on nothing but themselves, enough to hide the time of a multiply-add, and few enough for 16 registers.</summary>
    private const int MaxChains = 12;
}

/// <summary>A method with the products of some output channels with a block of input channels.</summary>
internal sealed record UnrolledMethod(int Block, EquatableArray<UnrolledRows> Rows);

/// <summary>Output channels whose sums are in registers at once, with their weights in the order in which they are multiplied.</summary>
internal sealed record UnrolledRows(int FirstChannel, int Channels, int FirstWeight, EquatableArray<UnrolledWeight> Weights);

/// <summary>A weight: its output channel behind the first of its rows, where its input lies in a block, in bytes, and its index in the tensor.</summary>
internal readonly record struct UnrolledWeight(int Row, int Offset, int Index);

/// <summary>
/// Weights in the order in which straight-line code reads them: the biases of <paramref name="Channels"/>; at the next multiple of 64 bytes the
/// weights of these indices, where a negative one stands for zero. All others must be zero.
/// </summary>
/// <param name="Tensors">The layer's tensors.</param>
/// <param name="Filter">Weights of an output channel.</param>
/// <param name="Channels">The output channel of each bias.</param>
/// <param name="Weights">The index of each weight.</param>
/// <param name="Bytes">The size of the packed weights.</param>
internal sealed record UnrolledRecipe(ConvWeights Tensors, int Filter, EquatableArray<int> Channels, EquatableArray<int> Weights, long Bytes) : PackRecipe(Bytes);
