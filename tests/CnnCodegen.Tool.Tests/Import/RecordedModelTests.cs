using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Import;
using CnnCodegen.Tool.Onnx;
using CnnCodegen.Tool.Tests.Support;

namespace CnnCodegen.Tool.Tests.Import;

/// <summary>Real networks of many exporters.</summary>
public class RecordedModelTests
{
    public static TheoryData<string, string> Networks()
    {
        TheoryData<string, string> data = [];
        foreach (string group in new[] { "models", "onnx-light" })
            foreach (string name in SharedData.Models(group)) data.Add(group, name);
        return data;
    }

    [SharedDataTheory]
    [MemberData(nameof(Networks))]
    public void Import_gives_the_recorded_shapes_all_weights_and_the_same_text_twice(string group, string name)
    {
        string folder = Path.Combine(SharedData.Folder!, group, name);
        OnnxModel onnx = OnnxModel.Read(Path.Combine(folder, "model.onnx"));
        ImportedNetwork network = OnnxImporter.Import(onnx, new ImportOptions("Net"));

        for (int i = 0; i < network.Model.Outputs.Count; i++)
        {
            TensorShape recorded = SharedData.Tensor(Path.Combine(folder, "test_data_set_0", $"output_{i}.pb")).Shape;
            Node output = network.Model.Nodes[network.Model.Outputs[i]];
            Assert.Equal(recorded, output.Shape);
            Assert.Equal(onnx.Outputs[i].Name, network.NodeOrigins[output.Name]);
        }

        Assert.Equal(network.Model.WeightTensors().Select(w => w.Name), network.Weights.Keys);
        Assert.All(network.Model.WeightTensors(), w => Assert.Equal(w.Shape.Dims, network.Weights[w.Name].Shape));
        Assert.Equal(network.ClassSource(), OnnxImporter.Import(OnnxModel.Read(Path.Combine(folder, "model.onnx")), new ImportOptions("Net")).ClassSource());
    }

    [SharedDataTheory]
    [InlineData("models", "mnist-8", "[Conv(\"Convolution28\", 8, Kernel = 5, Padding = 2), Relu, MaxPool(2)]")]
    [InlineData("models", "openseeface-landmarks-mnv3", "[Conv(\"conv_stem\", 8, Kernel = 3, Stride = 2, Padding = 1), HardSwish]")]
    [InlineData("models", "resnet20-cifar10", "[Conv(\"conv1\", 16, Kernel = 3, Padding = 1, Bias = false), BatchNorm(\"bn1\"), Relu]")]
    [InlineData("models", "super-resolution-x3", "[Conv(\"conv4\", 9, Kernel = 3, Padding = 1), DepthToSpace(3)]")]
    [InlineData("models", "espcn-nn-resize", "[Upsample(\"conv4.interp\", 2)]")]
    [InlineData("models", "blazeface-front-128", "[Pad(\"tf_op_layer_Pad\", Pads = [0, 0, 0, 0, 0, 4, 0, 0])]")]
    [InlineData("models", "ultraface-rfb-320", "[Softmax(\"scores\", From = \"concat2\")]")]
    [InlineData("onnx-light", "shufflenet", "[Conv(\"gconv1_0\", 112, Kernel = 1, Groups = 4, Bias = false), BatchNorm(\"gconv1_0_bn\"), Relu, ChannelShuffle(4)]")]
    [InlineData("onnx-light", "densenet121", "[BatchNorm(\"conv2_1.x1.bn\"), Relu]")]
    public void Import_writes_what_a_person_would_have_written(string group, string name, string line)
    {
        OnnxModel onnx = OnnxModel.Read(Path.Combine(SharedData.Folder!, group, name, "model.onnx"));
        Assert.Contains(line, OnnxBuilder.Lines(OnnxImporter.Import(onnx, new ImportOptions("Net"))));
    }

    [SharedDataTheory]
    [InlineData("N", 4)]
    public void A_named_batch_takes_the_given_size(string dimension, int size)
    {
        OnnxModel onnx = OnnxModel.Read(Path.Combine(SharedData.Folder!, "models", "resnet20-cifar10", "model.onnx"));
        ImportedNetwork network = OnnxImporter.Import(onnx, new ImportOptions("Net") { Dims = new Dictionary<string, int> { [dimension] = size } });
        Assert.Equal(TensorShape.Of(size, 10), network.Model.Nodes[network.Model.Outputs[0]].Shape);
        Assert.Contains("[Network(Batch = 4)]", network.ClassSource());
    }
}
