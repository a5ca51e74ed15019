using System.Globalization;
using CnnCodegen.Testing;

namespace CnnCodegen.Generator.Tests.Emission;

/// <summary>The text depends on the definition alone.</summary>
public class DeterminismTests
{
    private static readonly string[] EveryAlgorithm = AlgorithmCases.Algorithms.Select(AlgorithmCases.Source).ToArray();

    /// <summary>Everything with a sign, a fraction or a case in its text.</summary>
    private const string Numbers = """
        using CnnCodegen;

        namespace Demo;

        [Network]
        [Input("image", 3, 9, 9)]
        [Conv("inner", 4, Kernel = 3, Padding = 1, Strides = [2, 1]), LeakyRelu(Alpha = -0.125f)]
        [Pad("pad", Pads = [0, 0, 2, 1, 0, 0, -1, -2], Value = -1.5e-7f)]
        [Clip(-1.5f, 2.25f)]
        [Resize("resize", Scale = 1.5f, Mode = ResizeMode.Linear)]
        [Slice("slice", Starts = [-1], Ends = [-5], Axes = [3], Steps = [-2])]
        [LocalResponseNorm("lrn", 3, Alpha = 1e-4f)]
        [Flatten, Linear("fc", 3), HardSigmoid(Alpha = -0.3f, Beta = -0.25f)]
        public sealed partial class Numbers;
        """;

    [Theory]
    [InlineData("sv-SE")]
    [InlineData("de-DE")]
    [InlineData("tr-TR")]
    [InlineData("ar-SA")]
    [InlineData("fa-IR")]
    public void The_culture_does_not_matter(string culture)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        var expected = Generate(CultureInfo.InvariantCulture);
        Assert.NotEqual("-1.5", (-1.5).ToString(new CultureInfo(culture)));

        Assert.Equal(expected, Generate(new CultureInfo(culture)));

        IReadOnlyList<(string, string)> Generate(CultureInfo with)
        {
            CultureInfo.CurrentCulture = with;
            try
            {
                return new ConsumerProject().Generate([.. EveryAlgorithm, Numbers]).Sources;
            }
            finally
            {
                CultureInfo.CurrentCulture = before;
            }
        }
    }

    [Fact]
    public void The_order_and_number_of_networks_do_not_matter()
    {
        var together = Sorted(new ConsumerProject().Generate(EveryAlgorithm));
        var reversed = Sorted(new ConsumerProject().Generate(EveryAlgorithm.Reverse().ToArray()));
        var alone = EveryAlgorithm.SelectMany(source => new ConsumerProject().Generate(source).Sources).OrderBy(source => source.Hint, StringComparer.Ordinal);

        Assert.Equal(together, reversed);
        Assert.Equal(together, alone);

        static (string Hint, string Text)[] Sorted(GeneratorRun run) => run.Sources.OrderBy(source => source.Hint, StringComparer.Ordinal).ToArray();
    }

    [Fact]
    public void The_text_holds_no_carriage_return_and_nothing_of_the_machine()
    {
        string[] foreign = ["\r", "\t", Environment.MachineName, Environment.UserName + "/", AppContext.BaseDirectory, Path.GetTempPath(), DateTime.Now.Year + "-"];
        IReadOnlyList<(string Hint, string Text)> sources = new ConsumerProject().Generate([.. EveryAlgorithm, Numbers]).Sources;

        Assert.NotEmpty(sources);
        Assert.All(sources, source =>
        {
            Assert.All(foreign, word => Assert.DoesNotContain(word, source.Text));
            Assert.EndsWith("}\n", source.Text);
            Assert.DoesNotContain(source.Text.Split('\n'), line => line.EndsWith(' '));
        });
    }
}
