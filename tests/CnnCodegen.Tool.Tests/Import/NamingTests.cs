using CnnCodegen.Tool.Import;
using CnnCodegen.Tool.Tests.Support;

namespace CnnCodegen.Tool.Tests.Import;

public class NamingTests
{
    [Theory]
    [InlineData("/layer1/layer1.0/conv1/Conv", "onnx::Conv_193", "layer1.0.conv1")]
    [InlineData("Conv_12", "layer1.0.conv1.weight", "layer1.0.conv1")]
    [InlineData("Conv_12", "onnx::Conv_193", "conv1")]
    [InlineData("StatefulPartitionedCall/net/conv2d_3/BiasAdd", "StatefulPartitionedCall/net/conv2d_3/Conv2D/ReadVariableOp:0", "StatefulPartitionedCall.net.conv2d_3")]
    [InlineData("fire2/conv1x1", "fire2/conv1x1_w", "fire2.conv1x1")]
    [InlineData("n17", "gpu_0/res2_0_branch2a_w_0", "gpu_0.res2_0_branch2a")]
    [InlineData("Convolution28", "Parameter5", "Convolution28")]
    [InlineData("fused_80-conv 1", "w", "fused_80_conv_1")]
    public void A_layer_is_called_after_its_weights_or_its_node(string node, string weight, string expected)
    {
        OnnxBuilder model = new OnnxBuilder(11).Input("image", 1, 2, 4, 4).Weight(weight, 2, 2, 1, 1).Node(node, "Conv", ["image", weight], ["281"]).Output("281");
        Assert.Equal($"[Conv(\"{expected}\", 2, Kernel = 1, Bias = false)]", model.Lines()[1]);
    }

    [Fact]
    public void What_all_names_begin_with_is_left_out()
    {
        OnnxBuilder model = new OnnxBuilder(11).Input("net/image:0", 1, 2, 4, 4).Weight("w1", 2, 2, 1, 1)
            .Node("net/a/Conv2D", "Conv", ["net/image:0", "w1"], ["net/a:0"]).Node("net/b/add", "Add", ["net/a:0", "net/image:0"], ["net/b:0"]).Output("net/b:0");
        Assert.Equal(["[Input(\"image\", 2, 4, 4)]", "[Conv(\"a\", 2, Kernel = 1, Bias = false)]", "[Add(\"b\", \"a\", \"image\")]"], model.Lines());
    }

    [Fact]
    public void Names_are_unique_and_a_shared_weight_is_stored_for_each_layer()
    {
        OnnxBuilder model = new OnnxBuilder(11).Input("image", 1, 2, 4, 4).Weight("head.weight", 2, 2, 1, 1)
            .Node("Conv", ["image", "head.weight"], ["a"]).Node("Conv", ["a", "head.weight"], ["b"]).Output("b");
        Assert.Equal(["head.weight", "head_2.weight"], model.Import().Weights.Keys);
    }

    [Fact]
    public void An_operation_of_a_block_does_not_take_the_block_s_name()
    {
        OnnxBuilder model = new OnnxBuilder(13).Input("image", 1, 2, 4, 4).Weight("block.conv.weight", 2, 2, 1, 1)
            .Node("/block/conv/Conv", "Conv", ["image", "block.conv.weight"], ["/block/conv/Conv_output_0"])
            .Node("/block/Add", "Add", ["/block/conv/Conv_output_0", "image"], ["/block/Add_output_0"]).Output("/block/Add_output_0");
        Assert.Equal("[Add(\"block.add\", \"block.conv\", \"image\")]", model.Lines()[2]);
    }

    [Fact]
    public void A_value_with_several_readers_is_named_and_read_by_name()
    {
        OnnxBuilder model = new OnnxBuilder(13).Input("image", 1, 2, 4, 4).Weight("conv.weight", 2, 2, 1, 1)
            .Node("Conv", ["image", "conv.weight"], ["c"])
            .Node("Relu", ["c"], ["r"])
            .Node("MaxPool", ["r"], ["p"], ("kernel_shape", new long[] { 1, 1 }))
            .Node("Sigmoid", ["c"], ["s"])
            .Node("Add", ["p", "s"], ["t"])
            .Node("Add", ["t", "r"], ["sum"])
            .Output("sum");
        Assert.Equal(
            [
                "[Conv(\"conv\", 2, Kernel = 1, Bias = false)]",
                "[Relu(\"relu1\")]",
                "[MaxPool(\"maxpool1\", 1)]",
                "[Sigmoid(\"sigmoid1\", From = \"conv\")]",
                "[Add(\"add1\", \"maxpool1\", \"sigmoid1\")]",
                "[Add(\"sum\", \"add1\", \"relu1\")]",
            ],
            model.Lines()[1..]);
    }

    [Fact]
    public void Graph_outputs_keep_their_names_and_come_in_their_order()
    {
        OnnxBuilder model = new OnnxBuilder(13).Input("image", 1, 2, 4, 4)
            .Node("Relu", ["image"], ["boxes"]).Node("Softmax", ["boxes"], ["scores"]).Output("scores", "boxes", "image", "scores");
        Assert.Equal(
            ["[Relu(\"boxes\")]", "[Softmax(\"scores\")]", "[Identity(\"image_2\", From = \"image\")]", "[Identity(\"scores_2\", From = \"scores\")]", "[Output(\"scores\", \"boxes\", \"image_2\", \"scores_2\")]"],
            model.Lines()[1..]);
    }

    [Fact]
    public void The_class_has_its_namespace_weights_and_origin()
    {
        ImportedNetwork network = new OnnxBuilder(13).Input("image", 2, 3).Node("Relu", ["image"], ["y"]).Output("y").Import(new ImportOptions("Tiny", "My.Models", "tiny.safetensors"));
        Assert.Equal(
            """
            using CnnCodegen;

            namespace My.Models;

            /// <summary>Imported from test.onnx.</summary>
            [Network(Weights = "tiny.safetensors", Batch = 2)]
            [Input("image", 3)]
            [Relu("relu1")]
            public sealed partial class Tiny;

            """,
            network.ClassSource());
        Assert.Equal("image", network.NodeOrigins["image"]);
        Assert.Equal("y", network.NodeOrigins["relu1"]);
    }

    [Theory]
    [InlineData("squeezenet-v1.0", "SqueezenetV10")]
    [InlineData("7net", "Network7net")]
    [InlineData("---", "Network")]
    public void A_class_name_is_made_from_the_file_name(string file, string expected)
    {
        Assert.Equal(expected, ClassName.From(file));
        Assert.True(ClassName.IsValid(expected));
        Assert.False(ClassName.IsValid(file));
    }

    [Theory]
    [InlineData("run")]
    [InlineData("system")]
    public void A_class_is_not_called_like_what_its_code_needs(string file) => Assert.StartsWith("Network", ClassName.From(file), StringComparison.Ordinal);
}
