using System.Collections.Concurrent;
using CnnCodegen.Generator.Algorithms.Fft.Codelets;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Fft;

/// <summary>A convolution as the choice of its transform sees it.</summary>
internal sealed record FourierProblem(Isa Isa, PlaneWindow Window, TensorView Input, TensorView Output, int Groups, bool Depthwise);

/// <summary>Chooses the sizes of the transforms by the estimated work: instructions of the codelets, products, and bytes of spectra.</summary>
internal static class FourierGridChooser
{
    /// <summary>Products of small primes that waste few points.</summary>
    private static readonly int[] Sizes = [1, 8, 10, 12, 15, 16, 18, 20, 24, 30, 32, 36, 40, 48, 60, 64, 72, 80, 90, 96];

    /// <summary>Bytes of spectra that kernels hand on through the second-level cache.</summary>
    private const int NearBytes = 256 * 1024;

    /// <summary>Issue slots that an instruction of a codelet takes, with the waits for its operands and the spills; measured.</summary>
    private const double TransformSlots = 1.1;

    /// <summary>
    /// Cycles that a byte of spectra counts when transforms of nearly equal work compare: larger ones displace other layers' weights from
    /// the cache, and come from memory when those have displaced them.
    /// </summary>
    private const double FarByteCycles = 1.0 / 12;

    private static readonly ConcurrentDictionary<(LineKind Kind, int Size, int Registers), int> LineInstructions = [];

    /// <summary>The transform with the lowest estimate; null if the window is too large for all of them.</summary>
    public static (FourierGrid Grid, Cost Cost)? Choose(FourierProblem problem)
    {
        FourierAxis[] rows = Axes(problem.Window.Rows, problem.Input.H, problem.Output.H), columns = Axes(problem.Window.Columns, problem.Input.W, problem.Output.W);
        IEnumerable<FourierGrid> grids = rows.SelectMany(_ => columns, (r, c) => new FourierGrid(r, c, problem.Input.N, problem.Isa.Lanes()));
        return grids.Select(grid => (grid, Estimate(problem, grid))).OrderBy(choice => choice.Item2.Cycles + (choice.Item2.FarBytes * FarByteCycles)).Select(choice => ((FourierGrid, Cost)?)choice).FirstOrDefault();
    }

    /// <summary>The sizes up to the one that holds the axis in one piece; an axis of one pixel and one tap needs no transform.</summary>
    private static FourierAxis[] Axes(WindowAxis window, int input, int output)
    {
        List<FourierAxis> axes = [];
        foreach (int size in Sizes)
        {
            if (FourierAxis.Of(window, input, output, size) is not { } axis) continue;
            axes.Add(axis);
            if (axis.Tiles.Count == 1) break;
        }

        return [.. axes];
    }

    private static Cost Estimate(FourierProblem problem, FourierGrid grid)
    {
        int inBlocks = problem.Input.Blocks, outBlocks = problem.Output.Blocks;
        double forward = (grid.Rows.Read * Line(LineKind.Real, grid.Columns.Size)) + (grid.HalfColumns * Line(LineKind.Forward, grid.Rows.Size));
        double inverse = (grid.Rows.Tiles.Size * Line(LineKind.Real, grid.Columns.Size)) + (grid.HalfColumns * Line(LineKind.Forward, grid.Rows.Size));
        double transforms = TransformSlots * grid.Tiles * ((inBlocks * forward) + (outBlocks * inverse));
        double binTiles = (double)grid.Bins * grid.Tiles, weightBytes = (double)grid.Bins * grid.ComplexBytes * outBlocks;
        if (problem.Depthwise) return new Cost(4 * binTiles * outBlocks, transforms, weightBytes);

        double inChannels = (double)problem.Input.C / problem.Groups;
        double spectra = binTiles * grid.ComplexBytes * (inBlocks + outBlocks);
        return new Cost(4 * binTiles * inChannels * outBlocks, transforms, (weightBytes * inChannels) + (spectra > NearBytes ? 2 * spectra : 0));

        int Line(LineKind kind, int size) => LineInstructions.GetOrAdd(
            (kind, size, problem.Isa.Registers()), key => new Line(key.Kind, key.Size, key.Size, key.Size).Code(key.Registers).Instructions);
    }
}
