using System.Globalization;
using CnnCodegen.Testing;

namespace CnnCodegen.Generator.Tests.Emission;

/// <summary>The text depends on the definition alone.</summary>
public class DeterminismTests
{
    [Theory]
    [InlineData("sv-SE")]
    [InlineData("de-DE")]
    [InlineData("tr-TR")]
    [InlineData("ar-SA")]
    [InlineData("fa-IR")]
    public void The_culture_does_not_matter(string culture)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        string expected = Generate(CultureInfo.InvariantCulture);
        Assert.NotEqual("-1.5", (-1.5).ToString(new CultureInfo(culture)));

        Assert.Equal(expected, Generate(new CultureInfo(culture)));

        string Generate(CultureInfo with)
        {
            CultureInfo.CurrentCulture = with;
            try
            {
                return string.Concat(new ConsumerProject().Generate(AlgorithmCases.Sources).Sources.Select(source => $"{source.Hint}\n{source.Text}"));
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
        var together = Sorted(new ConsumerProject().Generate(AlgorithmCases.Sources));
        var reversed = Sorted(new ConsumerProject().Generate([.. AlgorithmCases.Sources.Reverse()]));
        var alone = AlgorithmCases.Sources.SelectMany(source => new ConsumerProject().Generate(source).Sources).OrderBy(source => source.Hint, StringComparer.Ordinal);

        Assert.Equal(together, reversed);
        Assert.Equal(together, alone);

        static (string Hint, string Text)[] Sorted(GeneratorRun run) => run.Sources.OrderBy(source => source.Hint, StringComparer.Ordinal).ToArray();
    }

    [Fact]
    public void The_text_holds_no_carriage_return_and_nothing_of_the_machine()
    {
        string[] foreign = ["\r", "\t", Environment.MachineName, Environment.UserName + "/", AppContext.BaseDirectory, Path.GetTempPath(), DateTime.Now.Year + "-"];
        IReadOnlyList<(string Hint, string Text)> sources = new ConsumerProject().Generate(AlgorithmCases.Sources).Sources;

        Assert.NotEmpty(sources);
        Assert.All(sources, source =>
        {
            Assert.All(foreign, word => Assert.DoesNotContain(word, source.Text));
            Assert.EndsWith("}\n", source.Text);
            Assert.DoesNotContain(source.Text.Split('\n'), line => line.EndsWith(' '));
        });
    }
}
