namespace CnnCodegen.Generator.Tests.Diagnostics;

public class Cnn0012UnusedTests
{
    [Fact]
    public void A_layer_that_nothing_reads_is_reported() => Definition.LayersReport("CNN0012",
        "nothing reads Conv 'a', and it is no output; remove it, read it, or name it in [Output]",
        """
        [Input("x", 3, 8, 8), {|Conv("a", 4, Kernel = 3)|}]
        [Conv("b", 4, Kernel = 3, From = "x")]
        """);

    [Fact]
    public void An_activation_behind_a_layer_counts_as_its_reader() => Definition.LayersReport("CNN0012",
        "nothing reads Relu behind 'a', and it is no output; remove it, read it, or name it in [Output]",
        """
        [Input("x", 3, 8, 8), Conv("a", 4, Kernel = 3), {|Relu|}]
        [Conv("b", 4, Kernel = 3, From = "x")]
        """);

    [Fact]
    public void An_input_that_nothing_reads_is_reported() => Definition.LayersReport("CNN0012",
        "nothing reads Input 'y', and it is no output; remove it, read it, or name it in [Output]",
        """
        [Input("x", 3), {|Input("y", 3)|}, Relu("r", From = "x")]
        """);

    [Fact]
    public void A_split_is_read_if_one_of_its_parts_is() => Definition.LayersReport("CNN0012",
        "nothing reads Split 't', and it is no output; remove it, read it, or name it in [Output]",
        """
        [Input("x", 4), Split("s", 2), {|Split("t", 2, From = "x")|}, Relu("r", From = "s.1")]
        """);
}
