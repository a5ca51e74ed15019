using System.Reflection;
using System.Runtime.Loader;
using CnnCodegen.Conformance.Tests.Harness;
using CnnCodegen.Execution;
using CnnCodegen.Generator.Algorithms.Int8;
using CnnCodegen.Generator.Algorithms.Int8Strassen;
using CnnCodegen.Generator.Planning;
using CnnCodegen.Tool.Compilation;
using Microsoft.CodeAnalysis.CSharp;

namespace CnnCodegen.Conformance.Tests;

/// <summary>The branch of the integer kernels that multiplies by VNNI, with a stand-in for the instruction that every CPU can run.</summary>
public class VnniTests
{
    private const string StandIn = """
        using System.Runtime.Intrinsics;

        public static class StandIn
        {
            public static bool IsSupported => true;

            public static Vector256<int> MultiplyWideningAndAdd(Vector256<int> sums, Vector256<byte> codes, Vector256<sbyte> weights)
            {
                for (int i = 0; i < 32; i++) sums = sums.WithElement(i / 4, sums[i / 4] + (codes[i] * weights[i]));
                return sums;
            }

            public static Vector256<int> MultiplyWideningAndAdd(Vector256<int> sums, Vector256<short> inputs, Vector256<short> weights)
            {
                for (int i = 0; i < 16; i++) sums = sums.WithElement(i / 2, sums[i / 2] + (inputs[i] * weights[i]));
                return sums;
            }
        }
        """;

    [Theory]
    [InlineData("Int8_1x1_C64_37")]
    [InlineData("Int8_3x3_C3_13_Image")]
    [InlineData("Int8_Dilation2x3")]
    [InlineData("Int8_Groups2")]
    [InlineData("Int8_Bands")]
    [InlineData("Int8_Corners")]
    [InlineData("Int8_Codes_Residual")]
    [InlineData("Int8_Linear_Image")]
    public void Bytes_are_multiplied_right(string name) => RequireRight("Int8", name, Int8Algorithm.Id);

    [Theory]
    [InlineData("Int8Winograd2x2_C21_K37")]
    [InlineData("Int8Winograd2x2_UnevenBlocks")]
    [InlineData("Int8Winograd4x4_S2_UnevenBlocks")]
    [InlineData("Int8Winograd4x4_Corners255")]
    public void Words_are_multiplied_right(string name) => RequireRight("Int8Winograd", name, name.Substring(0, "Int8Winograd2x2".Length).ToLowerInvariant());

    [Theory]
    [InlineData("Int8Strassen_Odd")]
    [InlineData("Int8Strassen_Corners255")]
    public void Words_of_halves_are_multiplied_right(string name) => RequireRight("Int8Strassen", name, Int8StrassenAlgorithm.Id);

    private static void RequireRight(string group, string name, string algorithm)
    {
        CaseGroup cases = CaseGroups.All[group];
        CaseData data = new(cases[name]);
        Bounded[] expected = new ErrorModel(cases[name].Model, data.Weight).Run(data.Tensors(data.Inputs));
        Variant[] variants = [.. cases.VariantsOf(name).Where(v => v.Plan.Isa != Isa.Portable && v.Algorithms.Contains(algorithm))];
        Assert.NotEmpty(variants);
        foreach (Variant variant in variants)
        {
            string[] texts = [StandIn, .. variant.Emit().Select(file => file.Text.Replace("AvxVnni.", "global::StandIn.", StringComparison.Ordinal))];
            using MemoryStream image = new();
            Assert.True(NetworkCompiler.CreateCompilation("Vnni", [.. texts.Select(text => CSharpSyntaxTree.ParseText(text))]).Emit(image).Success);
            image.Position = 0;
            Assembly assembly = new AssemblyLoadContext("Vnni", isCollectible: true).LoadFromStream(image);
            NetworkProgram program = (NetworkProgram)Activator.CreateInstance(assembly.GetType(variant.ProgramName, throwOnError: true)!)!;
            using NetworkHost network = ProgramRun.Open(program, data);
            float[][] outputs = ProgramRun.Run(network, data.Inputs);

            Assert.Empty(expected.Select((e, i) => e.Check(outputs[i])).OfType<string>().Select(error => $"{variant}: {error}"));
            Assert.Contains(texts, text => text.Contains("StandIn.MultiplyWideningAndAdd", StringComparison.Ordinal));
        }
    }
}
