using CnnCodegen.Tool.Onnx;
using CnnCodegen.Tool.Tests.Support;
using CnnCodegen.Tool.Verification;

namespace CnnCodegen.Tool.Tests.Verification;

public sealed class FilledModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void WeightsDependOnTheirNameAndPosition()
    {
        IReadOnlyDictionary<string, Tensor> filled = FilledModel.Read(Light(), beforeSoftmax: false).Initializers;
        Assert.Equal([-0.35981882940387105f, 1.3653141282752839f, -0.4620733442108513f, 0.3826219846402314f], filled["w"].Floats);
        Assert.Equal([0.5770493182353675f, 0.7530208397656679f], filled["bias"].Floats);
    }

    [Fact]
    public void TheLastSoftmaxCanBeCutOff() =>
        Assert.Equal(["scores"], FilledModel.Read(Light(), beforeSoftmax: true).Outputs.Select(o => o.Name));

    [Fact]
    public void AFolderOfFilledOutputsIsACase()
    {
        Light();
        _folder.Write("input_0.pb", [1, 1, 1, 2], [1, 2]);
        _folder.Write("light/filled/output_0.pb", [1, 2, 1, 1], [0, 0]);
        _folder.Write("light/filled/presoftmax.pb", [1, 2, 1, 1], [2.3708094f + 0.5770493f, 0.3031706f + 0.7530208f]);
        Assert.Equal(["pass light/filled", "1 passed, 0 failed, 0 skipped"], CommandRun.Of("verify", _folder.Path).Lines);
    }

    /// <summary>A convolution behind which comes a Softmax, with weights that are no data of the file.</summary>
    private string Light()
    {
        OnnxBuilder model = new OnnxBuilder(13)
            .Input("x", 1, 1, 1, 2)
            .Integers("w_shape", 2, 1, 1, 2)
            .Integers("bias_shape", 2)
            .Node("ConstantOfShape", ["w_shape"], ["w"])
            .Node("ConstantOfShape", ["bias_shape"], ["bias"])
            .Node("Conv", ["x", "w", "bias"], ["scores"])
            .Node("Softmax", ["scores"], ["y"], ("axis", 1))
            .Output("y");
        return _folder.Write("light/model.onnx", model);
    }
}
