using CnnCodegen.Generator.Model;

namespace CnnCodegen.Conformance.Tests.Cases;

/// <summary>Short spellings for the tables of cases.</summary>
internal static class Shape
{
    public static TensorShape Of(params int[] dims) => TensorShape.Of(dims);

    /// <summary>A window of two dimensions.</summary>
    /// <param name="kernel">Height and width.</param>
    /// <param name="stride">Height and width.</param>
    /// <param name="pads">Top, left, bottom, right.</param>
    /// <param name="dilation">Height and width.</param>
    /// <param name="ceil">Rounds the output size up.</param>
    public static Window Window((int H, int W) kernel, (int H, int W)? stride = null, (int T, int L, int B, int R) pads = default, (int H, int W)? dilation = null, bool ceil = false)
    {
        ((int strideH, int strideW), (int dilationH, int dilationW)) = (stride ?? (1, 1), dilation ?? (1, 1));
        return new Window([kernel.H, kernel.W], [strideH, strideW], [dilationH, dilationW], [pads.T, pads.L], [pads.B, pads.R], CeilMode: ceil);
    }

    public static int Input(this NetworkBuilder builder, params int[] dims) => builder.Add("x", new Input(TensorShape.Of(dims)));

    public static int Conv(this NetworkBuilder builder, string name, int x, int channels, int kernel = 3, int pad = 1, int stride = 1, int groups = 1) =>
        builder.Add(name, new Conv(channels, Generator.Model.Window.Square(2, kernel, stride, pad), groups), x);

    public static int Relu(this NetworkBuilder builder, string name, int x) => builder.Add(name, new Activation(ActivationKind.Relu), x);

    public static int Sum(this NetworkBuilder builder, string name, int a, int b) => builder.Add(name, new Binary(BinaryKind.Add), a, b);
}
