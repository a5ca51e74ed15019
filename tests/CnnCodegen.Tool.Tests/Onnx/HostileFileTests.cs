using CnnCodegen.Tool.Import;
using CnnCodegen.Tool.Onnx;
using CnnCodegen.Tool.Tests.Support;
using Google.Protobuf;

namespace CnnCodegen.Tool.Tests.Onnx;

/// <summary>Damaged files end in one message, quickly, and in nothing else.</summary>
public class HostileFileTests
{
    private static readonly byte[] s_model = Model().Proto.ToByteArray();

    [Fact]
    public void A_truncated_file_is_refused()
    {
        Assert.True(TryImport(s_model));
        int imported = 0;
        for (int part = 1; part < 64; part++)
            if (TryImport(s_model[..(s_model.Length * part / 64)])) imported++;

        // A file cut between two fields of the model may still be whole.
        Assert.InRange(imported, 0, 2);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_mutated_file_is_imported_or_refused(int seed)
    {
        Random random = new(seed);
        int refused = 0;
        for (int i = 0; i < 1000; i++)
        {
            byte[] bytes = [.. s_model];
            for (int flips = random.Next(1, 5); flips > 0; flips--)
                bytes[random.Next(bytes.Length)] = random.Next(3) == 0 ? (byte)random.Next(256) : (byte)(bytes[random.Next(bytes.Length)] ^ (1 << random.Next(8)));
            if (!TryImport(bytes)) refused++;
        }

        Assert.InRange(refused, 100, 1000);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_model_with_mutated_numbers_is_imported_or_refused(int seed)
    {
        Random random = new(seed);
        long[] numbers = [-1, 0, 1, 2, 3, 7, 255, 1 << 20, int.MaxValue, (long)int.MaxValue + 1, long.MaxValue, long.MinValue];
        int refused = 0;
        for (int i = 0; i < 1000; i++)
        {
            OnnxBuilder model = Model();
            AttributeProto[] attributes = [.. model.Graph.Node.SelectMany(n => n.Attribute)];
            AttributeProto attribute = attributes[random.Next(attributes.Length)];
            TensorProto tensor = model.Graph.Initializer[random.Next(model.Graph.Initializer.Count)];
            long number = numbers[random.Next(numbers.Length)];
            switch (random.Next(5))
            {
                case 0:
                    attribute.I = number;
                    break;
                case 1 when attribute.Ints.Count > 0:
                    attribute.Ints[random.Next(attribute.Ints.Count)] = number;
                    break;
                case 2:
                    tensor.Dims[random.Next(tensor.Dims.Count)] = number;
                    break;
                case 3 when tensor.Int64Data.Count > 0:
                    tensor.Int64Data[random.Next(tensor.Int64Data.Count)] = number;
                    break;
                default:
                    NodeProto node = model.Graph.Node[random.Next(model.Graph.Node.Count)];
                    NodeProto other = model.Graph.Node[random.Next(model.Graph.Node.Count)];
                    node.OpType = other.OpType;
                    break;
            }

            if (!TryImport(model.Proto.ToByteArray())) refused++;
        }

        Assert.InRange(refused, 100, 1000);
    }

    private static bool TryImport(byte[] bytes)
    {
        try
        {
            _ = OnnxImporter.Import(OnnxModel.Parse("test.onnx", bytes), new ImportOptions("Net")).ClassSource();
            return true;
        }
        catch (ImportException e)
        {
            Assert.StartsWith("test.onnx: ", e.Message);
            return false;
        }
    }

    private static OnnxBuilder Model() => new OnnxBuilder(13)
        .Input("image", "batch", 2, 8, 8)
        .Weight("conv1.weight", 4, 2, 3, 3)
        .Weight("conv1.bias", 4)
        .Weight("fc.weight", 3, 64)
        .Weight("scale", 4)
        .Integers("pads", 0, 0, 1, 1, 0, 0, 1, 1)
        .Integers("rest", -1)
        .Integers("starts", 0, 0)
        .Integers("ends", 8, 8)
        .Integers("axes", 2, 3)
        .Integers("zero", 0)
        .Integers("one", 1)
        .Node("Pad", ["image", "pads"], ["padded"])
        .Node("Conv", ["padded", "conv1.weight", "conv1.bias"], ["c"], ("kernel_shape", new long[] { 3, 3 }), ("strides", new long[] { 1, 1 }), ("group", 1))
        .Node("BatchNormalization", ["c", "scale", "scale", "scale", "scale"], ["n"], ("epsilon", 1e-3f))
        .Node("Slice", ["n", "starts", "ends", "axes"], ["s"])
        .Node("MaxPool", ["s"], ["p"], ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 }), ("ceil_mode", 1))
        .Node("Shape", ["p"], ["dims"])
        .Node("Gather", ["dims", "zero"], ["rows"], ("axis", 0))
        .Node("ConstantOfShape", ["one"], ["ones"])
        .Node("Concat", ["rows", "rest"], ["all"], ("axis", 0))
        .Node("Mul", ["all", "one"], ["target"])
        .Node("Reshape", ["p", "target"], ["f"])
        .Node("Split", ["f"], ["left", "right"], ("axis", 1))
        .Node("Concat", ["right", "left"], ["joined"], ("axis", -1))
        .Node("Add", ["joined", "ones"], ["shifted"])
        .Node("Gemm", ["shifted", "fc.weight"], ["scores"], ("transB", 1), ("alpha", 0.5f))
        .Node("Softmax", ["scores"], ["probabilities"], ("axis", -1))
        .Node("Unsqueeze", ["probabilities", "axes"], ["wide"])
        .Output("wide");
}
