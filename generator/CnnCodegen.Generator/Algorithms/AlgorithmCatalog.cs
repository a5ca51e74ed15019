using CnnCodegen.Generator.Algorithms.Bits;
using CnnCodegen.Generator.Algorithms.Codes;
using CnnCodegen.Generator.Algorithms.Depthwise;
using CnnCodegen.Generator.Algorithms.Direct;
using CnnCodegen.Generator.Algorithms.Elementwise;
using CnnCodegen.Generator.Algorithms.Fft;
using CnnCodegen.Generator.Algorithms.Fused;
using CnnCodegen.Generator.Algorithms.Grouped;
using CnnCodegen.Generator.Algorithms.Int8;
using CnnCodegen.Generator.Algorithms.Int8Depthwise;
using CnnCodegen.Generator.Algorithms.Int8Strassen;
using CnnCodegen.Generator.Algorithms.Int8Winograd;
using CnnCodegen.Generator.Algorithms.Movement;
using CnnCodegen.Generator.Algorithms.Nibbles;
using CnnCodegen.Generator.Algorithms.Pooling;
using CnnCodegen.Generator.Algorithms.Popcount;
using CnnCodegen.Generator.Algorithms.Reduction;
using CnnCodegen.Generator.Algorithms.Reference;
using CnnCodegen.Generator.Algorithms.Reorder;
using CnnCodegen.Generator.Algorithms.Shapewise;
using CnnCodegen.Generator.Algorithms.SignSums;
using CnnCodegen.Generator.Algorithms.Sliced;
using CnnCodegen.Generator.Algorithms.Sparse;
using CnnCodegen.Generator.Algorithms.Strassen;
using CnnCodegen.Generator.Algorithms.Transposed;
using CnnCodegen.Generator.Algorithms.Unrolled;
using CnnCodegen.Generator.Algorithms.Upsample;
using CnnCodegen.Generator.Algorithms.Winograd;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms;

/// <summary>All algorithms, the most specialised first, the reference last: of those that claim a layer at the same estimated cost the first gets it.</summary>
internal static class AlgorithmCatalog
{
    public static IReadOnlyList<IAlgorithm> All { get; } =
    [
        new UnrolledAlgorithm(),
        new ShapewiseAlgorithm(),
        new SparseAlgorithm(),
        new SlicedAlgorithm(),
        new NibblesAlgorithm(),
        new PopcountAlgorithm(),
        new SignSumsAlgorithm(),
        new BitsAlgorithm(),
        new Int8Algorithm(),
        new Int8WinogradAlgorithm(2),
        new Int8WinogradAlgorithm(3),
        new Int8WinogradAlgorithm(4),
        new Int8StrassenAlgorithm(),
        new Int8DepthwiseAlgorithm(),
        new CodesAlgorithm(),
        new CodePoolAlgorithm(),
        new CodeSumAlgorithm(),
        new DepthwiseAlgorithm(),
        new DirectAlgorithm(),
        new StrassenAlgorithm(),
        new FusedAlgorithm(),
        new WinogradAlgorithm(2),
        new WinogradAlgorithm(3),
        new WinogradAlgorithm(4),
        new WinogradAlgorithm(6),
        new FftAlgorithm(),
        new GroupedAlgorithm(),
        new TransposedAlgorithm(),
        new PoolAlgorithm(),
        new GlobalPoolAlgorithm(),
        new ReductionAlgorithm(),
        new ElementwiseAlgorithm(),
        new UpsampleAlgorithm(),
        new ReorderAlgorithm(),
        new MovementAlgorithm(),
        new ReferenceAlgorithm(),
    ];

    /// <summary>The entry that made a plan and can emit it.</summary>
    public static IAlgorithm Of(KernelPlan plan) => All.First(a => a.Name == plan.Algorithm);
}
