using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Support;
using CnnCodegen.Reference;
using CnnCodegen.Tests.Shared;
using Xunit.Abstractions;

namespace CnnCodegen.Conformance.Tests.Oracle;

/// <summary>
/// The node tests of the ONNX standard: recorded inputs and outputs, the attributes written here by hand so that neither the
/// importer nor any runtime takes part.
/// </summary>
public class OnnxNodeTests(ITestOutputHelper output)
{
    private static readonly Dictionary<string, Func<ProtoTensor[], Layer>> Layers = new()
    {
        ["averagepool_1d_default"] = _ => Average(Window.Square(1, 2)),
        ["averagepool_2d_ceil"] = _ => Average(Window.Square(2, 3, 2) with { CeilMode = true }),
        ["averagepool_2d_default"] = _ => Average(Window.Square(2, 2)),
        ["averagepool_2d_pads"] = _ => Average(Window.Square(2, 3, pad: 2)),
        ["averagepool_2d_precomputed_pads"] = _ => Average(Window.Square(2, 5, pad: 2)),
        ["averagepool_2d_precomputed_pads_count_include_pad"] = _ => Average(Window.Square(2, 5, pad: 2)) with { CountIncludePad = true },
        ["averagepool_2d_precomputed_strides"] = _ => Average(Window.Square(2, 2, 2)),
        ["averagepool_2d_same_upper"] = _ => Average(Window.Square(2, 2) with { AutoPad = Generator.Model.AutoPad.SameUpper }),
        ["averagepool_2d_strides"] = _ => Average(Window.Square(2, 5, 3)),
        ["maxpool_1d_default"] = _ => Max(Window.Square(1, 2)),
        ["maxpool_2d_ceil"] = _ => Max(Window.Square(2, 3, 2) with { CeilMode = true }),
        ["maxpool_2d_default"] = _ => Max(Window.Square(2, 2)),
        ["maxpool_2d_pads"] = _ => Max(Window.Square(2, 3, pad: 2)),
        ["maxpool_2d_precomputed_pads"] = _ => Max(Window.Square(2, 5, pad: 2)),
        ["maxpool_2d_precomputed_strides"] = _ => Max(Window.Square(2, 2, 2)),
        ["maxpool_2d_same_upper"] = _ => Max(Window.Square(2, 2) with { AutoPad = Generator.Model.AutoPad.SameUpper }),
        ["maxpool_2d_strides"] = _ => Max(Window.Square(2, 5, 3)),
        ["globalaveragepool"] = _ => new GlobalPool(PoolKind.Average),
        ["globalmaxpool"] = _ => new GlobalPool(PoolKind.Max),
        ["basic_conv_with_padding"] = _ => Convolve(Window.Square(2, 3, pad: 1)),
        ["basic_conv_without_padding"] = _ => Convolve(Window.Square(2, 3)),
        ["conv_with_autopad_same"] = _ => Convolve(Window.Square(2, 3, 2) with { AutoPad = Generator.Model.AutoPad.SameLower }),
        ["conv_with_strides_no_padding"] = _ => Convolve(Window.Square(2, 3, 2)),
        ["conv_with_strides_padding"] = _ => Convolve(Window.Square(2, 3, 2, 1)),
        ["convtranspose"] = _ => Transposed(Window.Square(2, 3), [0, 0]),
        ["convtranspose_autopad_same"] = _ => Transposed(Window.Square(2, 3, 2) with { AutoPad = Generator.Model.AutoPad.SameUpper }, [0, 0]),
        ["convtranspose_kernel_shape"] = _ => Transposed(Window.Square(2, 3) with { Strides = [3, 2] }, [1, 1]),
        ["convtranspose_pads"] = _ => Transposed(Window.Square(2, 3) with { Strides = [3, 2], PadsBegin = [1, 2], PadsEnd = [1, 2] }, [0, 0]),
        ["resize_downsample_scales_linear"] = t => ByScale(t[1], Generator.Model.ResizeMode.Linear),
        ["resize_downsample_scales_nearest"] = t => ByScale(t[1], Generator.Model.ResizeMode.Nearest),
        ["resize_upsample_scales_linear"] = t => ByScale(t[1], Generator.Model.ResizeMode.Linear),
        ["resize_upsample_scales_linear_align_corners"] = t => ByScale(t[1], Generator.Model.ResizeMode.Linear) with { Coordinates = Generator.Model.ResizeCoordinates.AlignCorners },
        ["resize_upsample_scales_nearest"] = t => ByScale(t[1], Generator.Model.ResizeMode.Nearest),
        ["resize_upsample_sizes_nearest"] = t => new Resize(new(t[1].ToInt32()), []),
        ["upsample_nearest"] = t => ByScale(t[1], Generator.Model.ResizeMode.Nearest) with { Coordinates = Generator.Model.ResizeCoordinates.Asymmetric, Rounding = Generator.Model.NearestRounding.Floor },
        ["lrn"] = _ => new LocalResponseNorm(3, 0.0002f, 0.5f, 2),
        ["instancenorm_example"] = _ => new InstanceNorm(),
        ["batchnorm_epsilon"] = _ => new BatchNorm(0.01f),
        ["batchnorm_example"] = _ => new BatchNorm(),
        ["prelu_example"] = t => new PRelu(SlopeShape: TensorShape.Of(t[1].Shape)),
        ["constant_pad"] = t => Padding(t[1], Generator.Model.PadMode.Constant) with { Value = (float)t[2].Data[0] },
        ["reflect_pad"] = t => Padding(t[1], Generator.Model.PadMode.Reflect),
        ["slice"] = t => new Slice(Ints(t[1]), Ints(t[2]), Ints(t[3]), Ints(t[4])),
        ["slice_default_steps"] = t => new Slice(Ints(t[1]), Ints(t[2]), Ints(t[3]), []),
        ["slice_negative_axes"] = t => new Slice(Ints(t[1]), Ints(t[2]), Ints(t[3]), []),
        ["softmax_axis_0"] = _ => new Softmax(0),
        ["softmax_axis_1"] = _ => new Softmax(1),
        ["softmax_default_axis"] = _ => new Softmax(),
        ["softmax_large_number"] = _ => new Softmax(),
        ["logsoftmax_axis_1"] = _ => new Softmax(1, Log: true),
        ["reduce_mean_default_axes_keepdims_random"] = _ => new ReduceMean([]),
        ["reduce_mean_keepdims_example"] = _ => new ReduceMean([1]),
        ["transpose_all_permutations_1"] = _ => new Transpose([0, 2, 1]),
        ["transpose_all_permutations_3"] = _ => new Transpose([1, 2, 0]),
        ["transpose_default"] = _ => new Transpose([]),
        ["depthtospace_crd_mode_example"] = _ => new DepthToSpace(2),
        ["depthtospace_example"] = _ => new DepthToSpace(2, ColumnRowDepth: false),
        ["spacetodepth_example"] = _ => new SpaceToDepth(2),
        ["concat_2d_axis_0"] = _ => new Concat(2, 0),
        ["concat_3d_axis_1"] = _ => new Concat(2),
        ["concat_3d_axis_negative_1"] = _ => new Concat(2, -1),
        ["matmul_2d"] = _ => new MatMul(),
        ["matmul_3d"] = _ => new MatMul(),
        ["add_bcast"] = _ => new Binary(BinaryKind.Add),
        ["sub"] = _ => new Binary(BinaryKind.Sub),
        ["mul_bcast"] = _ => new Binary(BinaryKind.Mul),
        ["div_bcast"] = _ => new Binary(BinaryKind.Div),
        ["pow"] = _ => new Binary(BinaryKind.Pow),
        ["min_two_inputs"] = _ => new Binary(BinaryKind.Min),
        ["max_two_inputs"] = _ => new Binary(BinaryKind.Max),
        ["relu"] = _ => new Activation(ActivationKind.Relu),
        ["clip"] = t => new Activation(ActivationKind.Clip, (float)t[1].Data[0], (float)t[2].Data[0]),
        ["elu"] = _ => new Activation(ActivationKind.Elu, 2),
        ["leakyrelu"] = _ => new Activation(ActivationKind.LeakyRelu, 0.1f),
        ["hardsigmoid"] = _ => new Activation(ActivationKind.HardSigmoid, 0.5f, 0.6f),
        ["sigmoid"] = _ => new Activation(ActivationKind.Sigmoid),
        ["tanh"] = _ => new Activation(ActivationKind.Tanh),
        ["softplus"] = _ => new Activation(ActivationKind.Softplus),
        ["exp"] = _ => new Activation(ActivationKind.Exp),
        ["sqrt"] = _ => new Activation(ActivationKind.Sqrt),
        ["sign"] = _ => new Activation(ActivationKind.Sign),
    };

    public static TheoryData<string> Names => [.. Layers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Recorded_output_is_reproduced(string name)
    {
        if (!SharedData.TryFind(output, out string data)) return;
        string folder = Path.Combine(data, "onnx-node", "test_" + name, "test_data_set_0");
        ProtoTensor[] tensors = [.. Enumerable.Range(0, Directory.GetFiles(folder, "input_*.pb").Length)
            .Select(i => TensorProtoReader.Read(Path.Combine(folder, $"input_{i}.pb")))];
        ProtoTensor expected = TensorProtoReader.Read(Path.Combine(folder, "output_0.pb"));

        Layer layer = Layers[name](tensors);

        // Convolutions and PRelu record one weight behind their input, norms several; the other tensors are options.
        int operands = layer is Conv or ConvTranspose or PRelu ? 2 : layer is InstanceNorm or BatchNorm ? tensors.Length : layer.Arity;
        ReferenceTensor result = SingleLayer.Run(layer, [.. tensors.Take(operands).Select(t => new ReferenceTensor(t.Shape, t.Data))]);
        Expect.Close(result, expected.Shape, expected.Data, 2e-6);
    }

    private static Pool Average(Window window) => new(PoolKind.Average, window);

    private static Pool Max(Window window) => new(PoolKind.Max, window);

    private static Conv Convolve(Window window) => new(1, window, Bias: false);

    private static ConvTranspose Transposed(Window window, EquatableArray<int> outputPadding) => new(2, window, outputPadding, Bias: false);

    private static Resize ByScale(ProtoTensor scales, Generator.Model.ResizeMode mode) => new([], new(scales.ToSingle()), mode);

    private static Pad Padding(ProtoTensor pads, Generator.Model.PadMode mode)
    {
        int[] both = pads.ToInt32();
        return new Pad(new(both[..(both.Length / 2)]), new(both[(both.Length / 2)..]), mode);
    }

    private static EquatableArray<int> Ints(ProtoTensor tensor) => new(tensor.ToInt32());
}
