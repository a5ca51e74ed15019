using CnnCodegen.Generator.Model;
using CnnCodegen.Testing;

namespace CnnCodegen.Generator.Tests.Reading;

public class SettingsTests
{
    [Theory]
    [InlineData(null, "Auto")]
    [InlineData("", "Auto")]
    [InlineData("auto", "Auto")]
    [InlineData("AVX512", "Avx512")]
    [InlineData(" avx2 ", "Avx2")]
    [InlineData("portable", "Portable")]
    public void Target_isa_is_read_from_the_project(string? property, string expected)
    {
        GeneratorRun run = GeneratorHost.Run(Definition.Source("[Network, Input(\"x\", 1), Relu]"), property);

        Assert.Empty(run.Diagnostics);
        Assert.Equal(
            Enum.Parse<IsaSelection>(expected),
            Assert.Single(Assert.Single(run.Result.TrackedSteps[TrackingNames.Settings]).Outputs).Value as IsaSelection?);
    }
}
