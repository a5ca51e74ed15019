using CnnCodegen.Tool.Onnx;
using CnnCodegen.Tool.Tests.Support;
using Google.Protobuf;

namespace CnnCodegen.Tool.Tests.Onnx;

public sealed class OnnxModelTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("onnx");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Nodes_are_sorted_and_faults_of_the_graph_reported()
    {
        OnnxBuilder model = Chain().Node("second", "Relu", ["a"], ["b"]).Node("first", "Relu", ["x"], ["a"]).Output("b");
        Assert.Equal(["first", "second"], model.Read().Nodes.Select(n => n.Name));
        Fails("node 'n' (Relu): it depends on its own result", Chain().Node("n", "Relu", ["b"], ["a"]).Node("m", "Relu", ["a"], ["b"]).Output("b"));
        Fails("node 'n' (Relu): it reads 'q', which no input, initializer or node makes", Chain().Node("n", "Relu", ["q"], ["a"]).Output("a"));
        Fails("node 'm' (Relu): the value 'a' is made twice", Chain().Node("n", "Relu", ["x"], ["a"]).Node("m", "Relu", ["x"], ["a"]).Output("a"));
        Fails("the Relu that makes 'x': the value 'x' is made twice", Chain().Node("Relu", ["x"], ["x"]).Output("x"));
        Fails("the output 'q' is made by no input", Chain().Node("n", "Relu", ["x"], ["a"]).Output("q"));
        Fails("the graph has no output", Chain().Node("n", "Relu", ["x"], ["a"]));
        Fails("the attribute 'axis' occurs twice", Chain().Node("n", "Softmax", ["x"], ["a"], ("axis", 1), ("axis", 1)).Output("a"));
        Fails("the initializer 'w' occurs twice", Chain().Weight("w", 1).Weight("w", 1).Output("x"));
        Fails("the input 'x' has no name of its own", Chain().Input("x", 1).Output("x"));
    }

    [Fact]
    public void Versions_outside_the_range_are_refused()
    {
        Fails("the opset version is 5; versions 6 to 22 are supported", new OnnxBuilder(5).Input("x", 1).Node("Add", ["x", "x"], ["y"]).Output("y"));
        Fails("the opset version is 23;", new OnnxBuilder(23).Input("x", 1).Output("x"));
        OnnxBuilder ir = Chain().Output("x");
        ir.Proto.IrVersion = 2;
        Fails("the ONNX IR version is 2; versions 3 to 13 are supported", ir);
        OnnxBuilder none = Chain().Output("x");
        none.Proto.OpsetImport[0].Domain = "ai.onnx.ml";
        Fails("the model must import one version of the ONNX operators", none);
        Assert.Equal("empty.onnx: the ONNX IR version is 0; versions 3 to 13 are supported. Is it an ONNX file?", Assert.Throws<ImportException>(() => OnnxModel.Parse("empty.onnx", [])).Message);
    }

    [Fact]
    public void Sizes_and_types_of_tensors_are_checked()
    {
        Fails("tensor 'w': float_data holds 2 values; 3 needs 3", Chain().Floats("w", [3], 1, 2).Output("x"));
        Fails("tensor 'w': it holds 5 bytes; 3 of Float needs 12", Initializer(DataType.Float, [3], t => t.RawData = ByteString.CopyFrom(new byte[5])));
        Fails("tensor 'w': its dimensions are (-3)", Initializer(DataType.Float, [-3], _ => { }));
        Fails("is larger than", Initializer(DataType.Float, [1 << 30, 1 << 30, 1 << 30], _ => { }));
        Fails("its type String is not supported", Initializer(DataType.String, [1], _ => { }));
        Fails("the float64 value 0.1 is not a float32", Initializer(DataType.Double, [1], t => t.DoubleData.Add(0.1)));
        Fails("it is stored in segments", Initializer(DataType.Float, [1], t => t.Segment = new TensorProto.Types.Segment()));
        OnnxBuilder sparse = Chain().Output("x");
        sparse.Graph.SparseInitializer.Add(ByteString.Empty);
        Fails("sparse initializers are not supported", sparse);
    }

    [Fact]
    public void Every_number_type_is_read()
    {
        Assert.Equal([1.5f, -2], Read(DataType.Float16, 2, t => t.RawData = ByteString.CopyFrom(0x00, 0x3E, 0x00, 0xC0)).Floats);
        Assert.Equal([1.5f], Read(DataType.Float16, 1, t => t.Int32Data.Add(0x3E00)).Floats);
        Assert.Equal([1.5f], Read(DataType.Bfloat16, 1, t => t.RawData = ByteString.CopyFrom(0xC0, 0x3F)).Floats);
        Assert.Equal([0.25f], Read(DataType.Double, 1, t => t.DoubleData.Add(0.25)).Floats);
        Assert.Equal([-1], Read(DataType.Int8, 1, t => t.RawData = ByteString.CopyFrom(0xFF)).Integers);
        Assert.Equal([255], Read(DataType.Uint8, 1, t => t.RawData = ByteString.CopyFrom(0xFF)).Integers);
        Assert.Equal([-2], Read(DataType.Int32, 1, t => t.RawData = ByteString.CopyFrom(0xFE, 0xFF, 0xFF, 0xFF)).Integers);
        Assert.Equal([1], Read(DataType.Bool, 1, t => t.Int32Data.Add(1)).Integers);
        Assert.Equal([7], Read(DataType.Uint64, 1, t => t.Uint64Data.Add(7)).Integers);
        Assert.Equal([-7], Read(DataType.Int64, 1, t => t.Int64Data.Add(-7)).Integers);
    }

    [Fact]
    public void External_data_lie_beside_the_model_and_are_as_long_as_the_tensor()
    {
        File.WriteAllBytes(Path.Combine(_folder.FullName, "w.bin"), [0, 0, 0, 0, 0, 0, 128, 63, 0, 0, 0, 64]);
        Assert.Equal([1f, 2f], External("w.bin", "4", "8").Read(_folder.FullName).Initializers["w"].Floats);
        Fails("its external data end beyond 'w.bin' (12 bytes)", External("w.bin", "8", "8"));
        Fails("its external data have 4 bytes; its dimensions need 8", External("w.bin", "4", "4"));
        Fails("its external data offset '-4' is not a number", External("w.bin", "-4", "8"));
        Fails("'../w.bin' is not a file in the model's folder", External("../w.bin", "0", "8"));
        Fails("is not a file in the model's folder", External(Path.Combine(_folder.FullName, "w.bin"), "0", "8"));
        Fails("its external data file 'none.bin' cannot be read", External("none.bin", "0", "8"));
    }

    [Fact]
    public void A_file_that_is_no_model_or_not_there_is_reported()
    {
        string path = Path.Combine(_folder.FullName, "text.onnx");
        File.WriteAllText(path, "This is no model.");
        Assert.StartsWith("text.onnx: ", Assert.Throws<ImportException>(() => OnnxModel.Read(path)).Message);
        Assert.StartsWith("none.onnx: the file cannot be read", Assert.Throws<ImportException>(() => OnnxModel.Read(Path.Combine(_folder.FullName, "none.onnx"))).Message);
    }

    private static OnnxBuilder Chain() => new OnnxBuilder(13).Input("x", 1, 4);

    private static OnnxBuilder Initializer(DataType type, long[] dims, Action<TensorProto> fill)
    {
        TensorProto tensor = new() { Name = "w", DataType = type, Dims = { dims } };
        fill(tensor);
        OnnxBuilder model = Chain().Output("x");
        model.Graph.Initializer.Add(tensor);
        return model;
    }

    private static Tensor Read(DataType type, int length, Action<TensorProto> fill) => Initializer(type, [length], fill).Read().Initializers["w"];

    private static OnnxBuilder External(string location, string offset, string length) => Initializer(DataType.Float, [2], tensor =>
    {
        tensor.DataLocation = TensorProto.Types.DataLocation.External;
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = offset });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = length });
    });

    private void Fails(string message, OnnxBuilder model)
    {
        string actual = Assert.Throws<ImportException>(() => model.Read(_folder.FullName)).Message;
        Assert.StartsWith("test.onnx: ", actual);
        Assert.Contains(message, actual);
    }
}
