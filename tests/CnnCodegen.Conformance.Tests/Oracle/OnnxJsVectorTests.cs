using System.Text.Json;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Support;
using CnnCodegen.Reference;
using CnnCodegen.Tests.Shared;
using Xunit.Abstractions;

namespace CnnCodegen.Conformance.Tests.Oracle;

/// <summary>The operator vectors of ONNX.js: literal inputs and expected outputs.</summary>
public class OnnxJsVectorTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("conv", 7)]
    [InlineData("gemm", 1)]
    [InlineData("global-average-pool", 2)]
    [InlineData("pad", 4)]
    [InlineData("reshape", 4)]
    [InlineData("transpose", 7)]
    public void Every_case_is_reproduced(string file, int cases)
    {
        if (!SharedData.TryFind(output, out string data)) return;
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Path.Combine(data, "onnxjs-op-vectors", file + ".json")));
        int seen = 0;
        foreach (JsonElement test in document.RootElement.EnumerateArray())
        {
            foreach (JsonElement one in test.GetProperty("cases").EnumerateArray())
            {
                ReferenceTensor[] inputs = [.. one.GetProperty("inputs").EnumerateArray().Select(Tensor)];
                ReferenceTensor expected = Tensor(one.GetProperty("outputs")[0]);
                Expect.Close(Run(test, inputs), expected.Shape, expected.Data, 1e-5);
                seen++;
            }
        }

        Assert.Equal(cases, seen);
    }

    private static ReferenceTensor Run(JsonElement test, ReferenceTensor[] inputs)
    {
        int[] pads = Attribute(test, "pads") is { } p ? Ints(p) : [];
        EquatableArray<int> begin = new(pads[..(pads.Length / 2)]), end = new(pads[(pads.Length / 2)..]);
        return test.GetProperty("operator").GetString() switch
        {
            "Conv" => SingleLayer.Run(
                new Conv(inputs[1].Shape[0], Window.Square(2, Ints(Attribute(test, "kernel_shape")!.Value)[0]), Attribute(test, "group")?.GetInt32() ?? 1, inputs.Length == 3), inputs),
            "Gemm" => Broadcasting.Apply(SingleLayer.Run(new MatMul(), inputs[0], inputs[1]), inputs[2], (x, c) => x + c),
            "GlobalAveragePool" => SingleLayer.Run(new GlobalPool(PoolKind.Average), inputs),
            "Pad" when Attribute(test, "mode")!.Value.GetString() == "edge" => SingleLayer.Run(new Pad(begin, end, Generator.Model.PadMode.Edge), inputs),
            "Pad" => SingleLayer.Run(new Pad(begin, end, Generator.Model.PadMode.Constant, Attribute(test, "value")!.Value.GetSingle()), inputs),
            "Reshape" => SingleLayer.Run(new Reshape(new([.. inputs[1].Data.Select(d => (int)d)])), inputs[0]),
            "Transpose" => SingleLayer.Run(new Transpose(new(Attribute(test, "perm") is { } perm ? Ints(perm) : [])), inputs),
            string other => throw new InvalidDataException($"the vectors hold an operator {other}"),
            null => throw new InvalidDataException("a test has no operator"),
        };
    }

    private static JsonElement? Attribute(JsonElement test, string name)
    {
        foreach (JsonElement attribute in test.GetProperty("attributes").EnumerateArray())
            if (attribute.GetProperty("name").GetString() == name) return attribute.GetProperty("data");
        return null;
    }

    private static int[] Ints(JsonElement array) => [.. array.EnumerateArray().Select(e => e.GetInt32())];

    private static ReferenceTensor Tensor(JsonElement tensor) =>
        new(Ints(tensor.GetProperty("dims")), [.. tensor.GetProperty("data").EnumerateArray().Select(e => e.GetDouble())]);
}
