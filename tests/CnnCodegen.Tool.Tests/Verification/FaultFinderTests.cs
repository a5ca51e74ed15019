using CnnCodegen.Reference;
using CnnCodegen.Tool.Import;
using CnnCodegen.Tool.Onnx;
using CnnCodegen.Tool.Tests.Support;
using CnnCodegen.Tool.Verification;

namespace CnnCodegen.Tool.Tests.Verification;

public class FaultFinderTests
{
    private readonly ImportedNetwork _network = SmallModels.Scale().Import();

    [Theory]
    [InlineData(1, "first wrong node scaled (Conv 1 1x1), ONNX value 'scaled': largest absolute error 0.5, relative 0.25")]
    [InlineData(2, "first wrong node scaled.relu (Relu), ONNX value 'y': largest absolute error 0.5, relative 0.25")]
    public void TheFirstNodeThatDoesNotFollowFromItsInputsIsNamed(int node, string message)
    {
        ReferenceTensor[] values = Values();
        for (int i = node; i < values.Length; i++) values[i] = new ReferenceTensor(values[i].Shape, [values[i].Data[0] + 0.5, .. values[i].Data[1..]]);
        Assert.Equal(message, new FaultFinder(_network).FirstWrongNode(values));
    }

    [Fact]
    public void NodesThatAreRightPointAtThePlan() =>
        Assert.Contains("fusion", new FaultFinder(_network).FirstWrongNode(Values()), StringComparison.Ordinal);

    [Fact]
    public void TheCompiledNodesAreRight()
    {
        Tensor input = Tensor.Of(SmallModels.ScaleShape, SmallModels.ScaleInput), output = Tensor.Of(SmallModels.ScaleShape, SmallModels.ScaleOutput);
        string message = new FaultFinder(_network).Find(TargetIsa.Portable, [input], [output], [new Tolerance(0, 0)]);
        Assert.Contains("every node is right", message, StringComparison.Ordinal);
    }

    [Fact]
    public void AWrongDataSetIsToldFromAWrongNode()
    {
        Tensor input = Tensor.Of(SmallModels.ScaleShape, SmallModels.ScaleInput);
        string message = new FaultFinder(_network).Find(TargetIsa.Portable, [input], [input], [new Tolerance(0, 0)]);
        Assert.Contains("data set", message, StringComparison.Ordinal);
    }

    private ReferenceTensor[] Values() =>
        new ReferenceNetwork(_network.Model, name => _network.Weights[name].Data).Run(ReferenceTensor.FromSingle(SmallModels.ScaleInput, SmallModels.ScaleShape));
}
