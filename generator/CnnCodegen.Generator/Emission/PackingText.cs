using CnnCodegen.Generator.Algorithms.Depthwise;
using CnnCodegen.Generator.Algorithms.Direct;
using CnnCodegen.Generator.Algorithms.Fft;
using CnnCodegen.Generator.Algorithms.Fused;
using CnnCodegen.Generator.Algorithms.Int8;
using CnnCodegen.Generator.Algorithms.Int8Depthwise;
using CnnCodegen.Generator.Algorithms.Int8Strassen;
using CnnCodegen.Generator.Algorithms.Int8Winograd;
using CnnCodegen.Generator.Algorithms.Nibbles;
using CnnCodegen.Generator.Algorithms.Popcount;
using CnnCodegen.Generator.Algorithms.Shapewise;
using CnnCodegen.Generator.Algorithms.SignSums;
using CnnCodegen.Generator.Algorithms.Sliced;
using CnnCodegen.Generator.Algorithms.Sparse;
using CnnCodegen.Generator.Algorithms.Strassen;
using CnnCodegen.Generator.Algorithms.Transposed;
using CnnCodegen.Generator.Algorithms.Unrolled;
using CnnCodegen.Generator.Algorithms.Winograd;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;
using static CnnCodegen.Generator.Emission.Literals;

namespace CnnCodegen.Generator.Emission;

/// <summary>The run-time call for each packing recipe.</summary>
internal static class PackingText
{
    public static IEnumerable<string> Calls(PackedWeights weights)
    {
        long offset = weights.Offset;
        switch (weights.Recipe)
        {
            case DirectRecipe r:
                yield return $"packer.Direct({offset}, {Tensors(r.Tensors)}, groups: {r.Groups}, outChannels: {r.OutChannels}, inChannels: {r.InChannels}, taps: {r.Taps}, "
                    + $"lanes: {r.Lanes}, vectors: {r.Vectors}, channelBlock: {r.ChannelBlock});";
                break;
            case TransposedRecipe { Order: var r } transposed:
                yield return $"packer.Transposed({offset}, {Tensors(r.Tensors)}, kernelTaps: {transposed.KernelTaps}, taps: [{Ints(transposed.Taps)}], groups: {r.Groups}, "
                    + $"outChannels: {r.OutChannels}, inChannels: {r.InChannels}, lanes: {r.Lanes}, vectors: {r.Vectors}, channelBlock: {r.ChannelBlock});";
                break;
            case StrassenRecipe { Order: var r } strassen:
                yield return $"packer.Strassen({offset}, {Tensors(r.Tensors)}, outChannels: {strassen.OutChannels}, inChannels: {strassen.InChannels}, taps: {r.Taps}, "
                    + $"lanes: {r.Lanes}, vectors: {r.Vectors});";
                break;
            case WinogradRecipe r:
                yield return $"packer.Winograd({offset}, {Tensors(r.Tensors)}, transform: {Matrix(r.Filter.FilterTransform)}, taps: {r.Taps}, phases: [{Ints(r.Filter.PhasesAt)}], groups: {r.Groups}, "
                    + $"outChannels: {r.OutChannels}, inChannels: {r.InChannels}, lanes: {r.Lanes}, vectors: {r.Vectors}, byElement: {(r.ByElement ? "true" : "false")});";
                break;
            case DepthwiseRecipe r:
                yield return $"packer.{(r.Signs ? "DepthwiseSigns" : "Depthwise")}({offset}, {Tensors(r.Tensors)}, channels: {r.Channels}, taps: {r.Taps}, lanes: {r.Lanes});";
                break;
            case PopcountRecipe r:
                yield return $"packer.Popcount({offset}, {Tensors(r.Tensors)}, new PopcountLayout({Window(r.OutChannels, r.InChannels, r.KernelRows, r.KernelColumns, r.RowClasses, r.ColumnClasses)}, "
                    + $"lanes: {r.Lanes}, vectors: {r.Vectors}, thresholds: {(r.Thresholds ? "true" : "false")}, ternary: {(r.Ternary ? "true" : "false")}));";
                break;
            case NibblesRecipe r:
                yield return $"packer.Nibbles({offset}, {Tensors(r.Tensors)}, {Window(r.OutChannels, r.InChannels, r.KernelRows, r.KernelColumns, r.RowClasses, r.ColumnClasses)}, "
                    + $"channels: {r.Channels}, vectorBytes: {r.VectorBytes});";
                break;
            case SlicedRecipe r:
                yield return $"packer.Sliced({offset}, {Tensors(r.Tensors)}, {Window(r.OutChannels, r.InChannels, r.KernelRows, r.KernelColumns, r.RowClasses, r.ColumnClasses)}, "
                    + $"new SlicedLayout(vectorBytes: {r.VectorBytes}, rowBytes: {r.RowBytes}, planeBytes: {r.PlaneBytes}, rows: [{Ints(r.BlockRows)}], columns: [{Ints(r.BlockColumns)}], kinds: {r.Kinds}));";
                break;
            case SlicedCodesRecipe r:
                yield return $"packer.SlicedCodes({offset}, {Tensors(r.Tensors)}, {Scales(r.Codes)}, {Window(r.OutChannels, r.InChannels, r.KernelRows, r.KernelColumns, [0, r.KernelRows], [0, r.KernelColumns])}, "
                    + $"new CodeDigits(weightBits: {r.WeightBits}, codeBits: {r.CodeBits}, countBits: {r.CountBits}, planeBytes: {r.PlaneBytes}), inputScale: {Double(r.Input.Step)}, "
                    + $"outputScale: {Double(r.Output.Step)}, least: {Int(r.Output.Low)}, thresholds: {r.Output.Max});";
                break;
            case SignSumsRecipe r:
                yield return $"packer.SignSums({offset}, {Tensors(r.Tensors)}, groups: {r.Groups}, outChannels: {r.OutChannels}, kernelRows: {r.KernelRows}, kernelColumns: {r.KernelColumns}, "
                    + $"signGroups: {r.SignGroups}, passes: {r.Passes}, filters: {r.Filters});";
                break;
            case SignSumsLinearRecipe r:
                yield return $"packer.SignSumsLinear({offset}, {Tensors(r.Tensors)}, outFeatures: {r.OutFeatures}, lanes: {r.Lanes}, vectors: {r.Vectors}, blocks: {r.Blocks});";
                break;
            case Int8Recipe r:
                yield return $"packer.Int8({offset}, {Codes(r.Codes)}, groups: {r.Groups}, outChannels: {r.OutChannels}, inChannels: {r.InChannels}, taps: {r.Taps}, lanes: {r.Lanes}, vectors: {r.OutVectors}, "
                    + $"dot: {string.Concat(r.Dots.Take(r.Dots.Count - 1).Select(dot => $"{dot.Check} ? {dot.Channels} : "))}{r.Dots[r.Dots.Count - 1].Channels}, weightBytes: {r.Dots[0].WeightBytes});";
                break;
            case Int8DepthwiseRecipe r:
                yield return $"packer.Int8Depthwise({offset}, {Codes(r.Codes)}, channels: {r.Channels}, kernelRows: {r.KernelRows}, kernelColumns: {r.KernelColumns}, dotRows: {r.DotRows}, lanes: {r.Lanes}, "
                    + $"vectors: {r.Vectors}, lastChannel: {r.LastChannel});";
                break;
            case Int8WinogradRecipe r:
                yield return $"packer.Int8Winograd({offset}, {Codes(r.Codes)}, transform: [{Ints(r.Transform)}], taps: {r.Taps}, phases: [{Ints(r.Integers.Filter.PhasesAt)}], startFactor: {Int(r.Integers.StartFactor)}, outChannels: {r.OutChannels}, inChannels: {r.InChannels}, "
                    + $"channels: {r.Channels}, lanes: {r.Lanes}, vectors: {r.OutVectors}, tileVectors: {r.Vectors}, dot: {r.Dot});";
                break;
            case Int8StrassenRecipe r:
                yield return $"packer.Int8Strassen({offset}, {Codes(r.Codes)}, outChannels: {r.OutChannels}, inChannels: {r.InChannels}, tileChannels: {r.TileChannels}, dot: {r.Dot});";
                break;
            case FourierRecipe r:
                yield return $"packer.Fourier({offset}, {Tensors(r.Tensors)}, groups: {r.Groups}, outChannels: {r.OutChannels}, inChannels: {r.InChannels}, "
                    + $"rows: {Taps(r.Rows)}, columns: {Taps(r.Columns)}, lanes: {r.Lanes}, depthwise: {(r.Depthwise ? "true" : "false")});";
                break;
            case SparseConvRecipe r:
                yield return $"packer.SparseConv({offset}, {Tensors(r.Tensors)}, groups: {r.Groups}, outChannels: {r.OutChannels}, inChannels: {r.InChannels}, "
                    + $"blockChannels: {r.BlockChannels}, channelBytes: {r.ChannelBytes}, taps: [{Ints(r.TapOffsets)}], entries: {r.Entries});";
                break;
            case ShapewiseRecipe r:
                yield return $"packer.Shapewise({offset}, {Tensors(r.Tensors)}, outChannels: {r.OutChannels}, lanes: {r.Lanes}, vectors: {r.Vectors}, blockBytes: {r.BlockBytes}, "
                    + $"taps: [{Ints(r.TapOffsets)}], places: {r.Places});";
                break;
            case UnrolledRecipe r:
                yield return $"packer.Unrolled({offset}, {Tensors(r.Tensors)}, filter: {r.Filter}, channels: [{Ints(r.Channels)}], weights: [{Ints(r.Weights)}]);";
                break;
            case SparseLinearRecipe r:
                yield return $"packer.SparseLinear({offset}, {Tensors(r.Tensors)}, outFeatures: {r.OutFeatures}, inFeatures: {r.InFeatures}, entries: {r.Entries});";
                break;
            case FoldedRecipe r:
                yield return $"packer.Folded({offset}, {Tensors(r.Tensors)}, length: {r.Length}, outChannels: {r.OutChannels}, inChannels: {r.InChannels}, groups: {r.Groups}, transposed: {(r.Transposed ? "true" : "false")});";
                break;
            case AffineRecipe r:
                yield return $"packer.Affine({offset}, {String(r.Norm)}, epsilon: {Float(r.Epsilon)}, channels: {r.Channels}, padded: {r.Padded});";
                break;
            case ChannelRecipe r:
                yield return $"packer.Channels({offset}, {String(r.Tensor)}, channels: {r.Channels}, padded: {r.Padded});";
                break;
            case FusedRecipe r:
                foreach (string call in Calls(weights with { Recipe = r.First })) yield return call;
                foreach (string call in Calls(weights with { Recipe = r.Second, Offset = offset + Alignment.Up(r.First.Bytes) })) yield return call;
                break;
            case DenseRecipe r:
                long[] offsets = DenseRecipe.Offsets(r.Lengths);
                for (int i = 0; i < offsets.Length; i++) yield return $"packer.Dense({offset + offsets[i]}, {String(r.Tensors[i])});";
                break;
            default:
                throw new InvalidOperationException($"No run-time call for {weights.Recipe.GetType().Name}.");
        }
    }

    private static string Window(int outChannels, int inChannels, int rows, int columns, IEnumerable<int> rowClasses, IEnumerable<int> columnClasses) =>
        $"new SignWindow({outChannels}, {inChannels}, {rows}, {columns}, rows: [{Ints(rowClasses)}], columns: [{Ints(columnClasses)}])";

    private static string Scales(WeightCodes codes) => codes.Scales is { } tensor ? $"WeightScales.Stored({String(tensor)})"
        : codes.GridBits > 0 ? $"WeightScales.Grid(bits: {codes.GridBits})"
        : "WeightScales.Magnitudes()";

    private static string Taps(FourierTaps taps) => $"new FourierTaps({taps.Taps}, {taps.Dilation}, {taps.Shift}, {taps.Size})";

    /// <summary>The entries row by row, as quotients of numbers that are exact.</summary>
    private static string Matrix(RationalMatrix matrix) => "[" + string.Join(", ", Enumerable.Range(0, matrix.Rows * matrix.Columns).Select(i =>
    {
        Rational entry = matrix[i / matrix.Columns, i % matrix.Columns];
        return Int((long)entry.Numerator) + (entry.Denominator.IsOne ? "" : $" / {Int((long)entry.Denominator)}.0");
    })) + "]";

    private static string Codes(Int8Tensors t) =>
        $"{Tensors(t.Tensors)}, {Scales(t.Weights)}, inputScale: {Double(t.Input.Step)}, inputZero: {t.Input.Zero}, outputScale: {Double(t.OutputScale)}, shift: {Float(t.Shift)}";

    private static string Tensors(ConvWeights t) =>
        $"new ConvTensors({String(t.Weight)}, {StringOrNull(t.Bias)}, {StringOrNull(t.Norm)}, {Float(t.Epsilon)})";
}
