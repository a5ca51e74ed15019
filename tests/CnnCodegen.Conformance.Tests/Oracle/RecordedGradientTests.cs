using System.Globalization;
using CnnCodegen.Generator.Model;
using CnnCodegen.Reference;
using CnnCodegen.Tests.Shared;
using Xunit.Abstractions;

namespace CnnCodegen.Conformance.Tests.Oracle;

/// <summary>Forward values and input gradients recorded from PyTorch, computed there in float64.</summary>
public class RecordedGradientTests(ITestOutputHelper output)
{
    public static TheoryData<string> Convolutions =>
    [
        "basic-3x3", "valid-3x3", "stride2-pad1", "stride2-uneven-tail", "pointwise", "pointwise-stride2", "depthwise-3x3",
        "depthwise-stride2", "grouped-2", "grouped-4-nobias", "dilated-2", "rect-5x3", "first-layer-5x5", "wide-channels",
    ];

    [Theory]
    [MemberData(nameof(Convolutions))]
    public void Convolution_and_its_transpose(string name)
    {
        if (!SharedData.TryFind(output, out string data)) return;
        string folder = Path.Combine(data, "gradients", "conv2d", name);
        (Window window, int groups, bool hasBias) = Parameters(Path.Combine(data, "gradients", "conv2d", "cases.csv"), name);
        ReferenceTensor x = Read(folder, "x"), w = Read(folder, "w"), y = Read(folder, "y"), dx = Read(folder, "dx");
        ReferenceTensor[] bias = hasBias ? [Read(folder, "b")] : [];

        Expect.Close(SingleLayer.Run(new Conv(w.Shape[0], window, groups, hasBias), [x, w, .. bias]), y.Shape, y.Data, 2e-6);

        // The gradient of the input is the transposed convolution of the gradient of the output, over as many pixels as the input has.
        int[] outputPadding = [.. Enumerable.Range(0, 2).Select(i => (x.Shape[i + 2] + (2 * window.PadsBegin[i]) - window.Extent(i)) % window.Strides[i])];
        ConvTranspose transposed = new(x.Shape[1], window, new(outputPadding), groups, Bias: false);
        Expect.Close(SingleLayer.Run(transposed, Read(folder, "dy"), w), dx.Shape, dx.Data, 2e-6);
    }

    [Theory]
    [InlineData("avgpool-2x2")]
    [InlineData("avgpool-3x3-s2-p1-exclude-pad")]
    [InlineData("global-avgpool")]
    [InlineData("leakyrelu-0.1")]
    [InlineData("linear-bias")]
    [InlineData("logsoftmax-axis1")]
    [InlineData("maxpool-2x2")]
    [InlineData("maxpool-3x3-s2-p1")]
    [InlineData("relu")]
    [InlineData("sigmoid")]
    [InlineData("softmax-axis1")]
    [InlineData("tanh")]
    public void Forward_value(string name)
    {
        if (!SharedData.TryFind(output, out string data)) return;
        string folder = Path.Combine(data, "gradients", "other-ops", name);
        ReferenceTensor x = Read(folder, "x"), y = Read(folder, "y");
        ReferenceTensor result = name switch
        {
            "avgpool-2x2" => SingleLayer.Run(new Pool(PoolKind.Average, Window.Square(2, 2, 2)), x),
            "avgpool-3x3-s2-p1-exclude-pad" => SingleLayer.Run(new Pool(PoolKind.Average, Window.Square(2, 3, 2, 1)), x),
            "maxpool-2x2" => SingleLayer.Run(new Pool(PoolKind.Max, Window.Square(2, 2, 2)), x),
            "maxpool-3x3-s2-p1" => SingleLayer.Run(new Pool(PoolKind.Max, Window.Square(2, 3, 2, 1)), x),
            "global-avgpool" => SingleLayer.Run(new GlobalPool(PoolKind.Average), x),
            "leakyrelu-0.1" => SingleLayer.Run(new Activation(ActivationKind.LeakyRelu, 0.1f), x),
            "relu" => SingleLayer.Run(new Activation(ActivationKind.Relu), x),
            "sigmoid" => SingleLayer.Run(new Activation(ActivationKind.Sigmoid), x),
            "tanh" => SingleLayer.Run(new Activation(ActivationKind.Tanh), x),
            "softmax-axis1" => SingleLayer.Run(new Softmax(1), x),
            "logsoftmax-axis1" => SingleLayer.Run(new Softmax(1, Log: true), x),
            _ => SingleLayer.Run(new Generator.Model.Linear(y.Shape[1]), x, Read(folder, "p0"), Read(folder, "p1")),
        };
        Expect.Close(result.Reshape(y.Shape), y.Shape, y.Data, 1e-6);
    }

    private static ReferenceTensor Read(string folder, string name)
    {
        ProtoTensor tensor = TensorProtoReader.Read(Path.Combine(folder, name + ".pb"));
        return new ReferenceTensor(tensor.Shape, tensor.Data);
    }

    /// <summary>The row of a case: name,n,c,h,w,oc,kh,kw,sh,sw,ph,pw,dh,dw,groups,bias.</summary>
    private static (Window Window, int Groups, bool Bias) Parameters(string table, string name)
    {
        string row = File.ReadLines(table).Single(line => line.StartsWith(name + ",", StringComparison.Ordinal));
        int[] cells = [.. row.Split(',').Skip(1).Select(cell => int.Parse(cell, CultureInfo.InvariantCulture))];
        Window window = new([cells[5], cells[6]], [cells[7], cells[8]], [cells[11], cells[12]], [cells[9], cells[10]], [cells[9], cells[10]]);
        return (window, cells[13], cells[14] == 1);
    }
}
