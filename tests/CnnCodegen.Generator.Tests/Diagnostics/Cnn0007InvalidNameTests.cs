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
        $"Conv is called '{name}'; a name has at least one character, and only letters (a-z, A-Z), digits, '_', '.', '-' and '/'",
        $"[Input(\"x\", 3, 8, 8), {{|Conv({literal}, 4, Kernel = 3)|}}, Relu]");
}
