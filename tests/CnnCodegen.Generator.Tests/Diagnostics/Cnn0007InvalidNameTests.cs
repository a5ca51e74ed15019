using CnnCodegen.Testing;

namespace CnnCodegen.Generator.Tests.Diagnostics;

public class Cnn0007InvalidNameTests
{
    [Theory]
    [InlineData("\"\"", "")]
    [InlineData("null!", "")]
    [InlineData("\"conv 1\"", "conv 1")]
    [InlineData("\"größe\"", "größe")]
    [InlineData("\"a\\n\"", "a\n")]
    public void A_name_has_letters_digits_and_some_signs(string literal, string name) => Definition.LayersReport("CNN0007",
        $"Conv is called '{name}'; a name has 1 to 500 characters, and only letters (a-z, A-Z), digits, '_', '.', '-' and '/'",
        $"[Input(\"x\", 3, 8, 8), {{|Conv({literal}, 4, Kernel = 3)|}}, Relu]");

    [Theory]
    [InlineData(500, 0)]
    [InlineData(501, 1)]
    public void A_name_is_no_longer_than_a_parameter_of_a_method_may_be(int length, int errors)
    {
        string name = new('n', length);
        GeneratorRun run = GeneratorHost.Run(Definition.Source($"[Network, Input(\"x\", 3, 8, 8), Conv(\"{name}\", 4, Kernel = 3), Output(\"{name}\")]"));
        Assert.Equal(errors, run.Diagnostics.Count());
        Assert.Empty(run.CompilerDiagnostics);
    }
}
