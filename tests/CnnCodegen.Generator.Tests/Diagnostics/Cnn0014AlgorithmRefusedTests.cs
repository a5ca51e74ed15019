using CnnCodegen.Generator.Planning;
using CnnCodegen.Testing;
using Microsoft.CodeAnalysis;

namespace CnnCodegen.Generator.Tests.Diagnostics;

public class Cnn0014AlgorithmRefusedTests
{
    private static readonly string Network = Definition.Source("""
        [Network, Input("x", 3, 8, 8)]
        [Conv("a", 16, Kernel = 3, Groups = 1)]
        [Conv("b", 16, Kernel = 3, Algorithm = ConvAlgorithm.Depthwise)]
        """);

    [Fact]
    public void It_is_reported_at_the_layer_for_each_instruction_set()
    {
        IReadOnlyList<Diagnostic> diagnostics = GeneratorHost.Run(Network).Diagnostics;

        Assert.All(diagnostics, d => Assert.Equal(("CNN0014", "Conv(\"b\", 16, Kernel = 3, Algorithm = ConvAlgorithm.Depthwise)"), (d.Id, Definition.Text(d))));
        Assert.Equal(
            ["AVX-512", "AVX2", "portable Vector128"],
            diagnostics.Select(d => d.GetMessage().Split(": ")[0].Replace("Conv 'b', for ", "")));
        Assert.EndsWith(
            "depthwise cannot be used: it does not compute Conv 16 3x3; name another algorithm, or leave the choice to the compiler",
            diagnostics[0].GetMessage());
    }

    [Fact]
    public void The_algorithms_own_reason_is_given()
    {
        Diagnostic diagnostic = Assert.Single(GeneratorHost.Run(Network.Replace("Kernel = 3, Algorithm", "Kernel = 3, Groups = 2, Algorithm"), "avx2").Diagnostics);

        Assert.Equal("Conv 'b', for AVX2: depthwise cannot be used: 2 groups for 16 to 16 channels; name another algorithm, or leave the choice to the compiler", diagnostic.GetMessage());
    }

    [Fact]
    public void Integer_filtering_has_a_limit_of_strides()
    {
        string network = Definition.Source("[Network, Input(\"x\", 16, 40, 40)]\n[Quantize(\"codes\", 0.1f)]\n[Conv(\"y\", 8, Kernel = 17, Stride = 16, Algorithm = ConvAlgorithm.Int8Winograd4x4), Int8]");

        Assert.Contains("int8winograd4x4 cannot be used: strides above 3;", Assert.Single(GeneratorHost.Run(network, "avx2").Diagnostics).GetMessage(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Strassen", "it does not compute Linear 16, BinaryWeight")]
    [InlineData("Popcount", "its input is not known to be -1 or 1")]
    [InlineData("Sparse", "nothing says how many weights are zero; put Sparse(density) behind the layer")]
    public void A_linear_layer_has_the_same_errors(string asked, string reason)
    {
        string network = Definition.Source($"[Network, Input(\"x\", 32)]\n[Linear(\"fc\", 16, Algorithm = ConvAlgorithm.{asked}), BinaryWeight]");
        Diagnostic diagnostic = Assert.Single(GeneratorHost.Run(network, "avx2").Diagnostics);

        Assert.Equal(
            $"Linear 'fc', for AVX2: {asked.ToLowerInvariant()} cannot be used: {reason}; name another algorithm, or leave the choice to the compiler", diagnostic.GetMessage());
    }

    [Theory]
    [InlineData("Direct", "direct")]
    [InlineData("SignSums", "signsums")]
    public void A_linear_layer_takes_one_that_suits(string asked, string taken)
    {
        GeneratorRun run = GeneratorHost.Run(Definition.Source($"[Network, Input(\"x\", 32)]\n[Linear(\"fc\", 16, Algorithm = ConvAlgorithm.{asked}), BinaryWeight]"), "avx2");

        Assert.Empty(run.Diagnostics);
        Assert.Equal(taken, Definition.Plans(run).Single().Steps.Single(s => s.Macs > 0).Kernel.Algorithm);
    }

    [Theory]
    [InlineData("Direct", "direct")]
    [InlineData("Reference", "reference")]
    public void One_that_suits_is_taken(string asked, string taken)
    {
        GeneratorRun run = GeneratorHost.Run(Network.Replace("ConvAlgorithm.Depthwise", "ConvAlgorithm." + asked), "portable");

        Assert.Empty(run.Diagnostics);
        StepPlan step = Definition.Plans(run).Single().Steps.Single(s => s.Layer == "b" && s.Macs > 0);
        Assert.Equal(taken, step.Kernel.Algorithm);
        Assert.EndsWith(", as asked for", step.Reason);
    }
}
