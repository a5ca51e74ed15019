using CnnCodegen.Generator.Model;
using CnnCodegen.Reference;
using CnnCodegen.Tool.Verification;

namespace CnnCodegen.Conformance.Tests.Oracle;

public class ReferenceNetworkTests
{
    private static readonly Dictionary<string, float[]> Weights = new()
    {
        ["conv.weight"] = [2, 0, 0, 3],
        ["conv.bias"] = [1, -1],
        ["bn.weight"] = [1, 2],
        ["bn.bias"] = [0, 5],
        ["bn.running_mean"] = [1, 0],
        ["bn.running_var"] = [4, 1],
    };

    private static readonly ReferenceTensor Image = Expect.Tensor([1, 2, 2], 1, -2, 3, -4);

    [Fact]
    public void Every_node_has_its_value()
    {
        ReferenceTensor[] values = Run(Chain());

        Assert.Equal(5, values.Length);
        Expect.Close(values[1], [1, 2, 2], [3, -3, 8, -13]);
        Expect.Close(values[2], [1, 2, 2], [1, -2, 21, -21]);
        Expect.Close(values[3], [1, 2, 2], [2, -4, 24, -25]);
        Expect.Close(values[4], [1, 2, 2], [2, 0, 24, 0]);
    }

    [Fact]
    public void Epilogue_is_norm_then_residual_then_activation()
    {
        NetworkModel chain = Chain();
        Epilogue epilogue = new(new FoldedNorm("bn", new BatchNorm(0)), true, new Activation(ActivationKind.Relu));
        Node fused = chain.Nodes[1] with { Inputs = [0, 0], Epilogue = epilogue };
        NetworkModel rewritten = chain with { Nodes = [chain.Nodes[0], fused], Outputs = [1] };

        Expect.Close(Run(rewritten)[1], [1, 2, 2], Run(chain)[4].Data);
    }

    [Fact]
    public void Weight_of_another_size_is_reported()
    {
        ReferenceNetwork network = new(Chain(), _ => new float[3]);
        ArgumentException error = Assert.Throws<ArgumentException>(() => network.Run(Image));
        Assert.Contains("conv.weight: the weight has 3 elements and the model expects 2x2x1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Input_of_another_shape_is_reported()
    {
        ReferenceNetwork network = new(Chain(), name => Weights[name]);
        ArgumentException error = Assert.Throws<ArgumentException>(() => network.Run(Expect.Counting(1, 2, 3)));
        Assert.Contains("x: the value is 1x2x3 and the model says 1x2x2", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => network.Run());
    }

    [Fact]
    public void Parameters_and_several_inputs_and_outputs()
    {
        NetworkBuilder builder = new();
        int a = builder.Add("a", new Input(TensorShape.Of(1, 2)));
        int p = builder.Add("p", new Parameter(TensorShape.Of(2)));
        int b = builder.Add("b", new Input(TensorShape.Of(1, 2)));
        int sum = builder.Add("sum", new Binary(BinaryKind.Add), a, p);
        int product = builder.Add("product", new Binary(BinaryKind.Mul), sum, b);
        NetworkModel model = builder.Build(new NetworkType("", "Two"), product, sum);

        ReferenceTensor[] outputs = new ReferenceNetwork(model, _ => new float[] { 10, 20 }).RunOutputs(Expect.Tensor([1, 2], 1, 2), Expect.Tensor([1, 2], 3, 4));

        Expect.Close(outputs[0], [1, 2], [33, 88]);
        Expect.Close(outputs[1], [1, 2], [11, 22]);
    }

    [Fact]
    public void Channel_shuffle_interleaves_the_groups() => Expect.Close(
        SingleLayer.Run(new ChannelShuffle(2), Expect.Counting(1, 6, 1, 1)), [1, 6, 1, 1], [1, 4, 2, 5, 3, 6]);

    private static NetworkModel Chain()
    {
        NetworkBuilder builder = new();
        int x = builder.Add("x", new Input(TensorShape.Of(1, 2, 2)));
        int conv = builder.Add("conv", new Conv(2, Window.Square(1, 1)), x);
        int norm = builder.Add("bn", new BatchNorm(0), conv);
        int sum = builder.Add("sum", new Binary(BinaryKind.Add), norm, x);
        builder.Add("relu", new Activation(ActivationKind.Relu), sum);
        return builder.Build(new NetworkType("", "Chain"));
    }

    private static ReferenceTensor[] Run(NetworkModel model) => new ReferenceNetwork(model, name => Weights[name]).Run(Image);
}
