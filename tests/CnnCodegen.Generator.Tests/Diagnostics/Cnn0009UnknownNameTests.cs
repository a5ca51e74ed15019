namespace CnnCodegen.Generator.Tests.Diagnostics;

public class Cnn0009UnknownNameTests
{
    [Fact]
    public void From_offers_the_nearest_name() => Definition.LayersReport("CNN0009",
        "Conv 'c' reads 'stme', but no layer above it has that name; did you mean 'stem'?",
        """
        [Input("x", 3, 8, 8), Relu("stem"), Relu("steam1")]
        [{|Conv("c", 4, Kernel = 3, From = "stme")|}]
        """);

    [Fact]
    public void A_layer_below_cannot_be_read() => Definition.LayersReport("CNN0009",
        "Relu 'a' reads 'b', which is no value of a layer above it; a layer reads earlier ones only",
        """
        [Input("x", 3), {|Relu("a", From = "b")|}, Tanh("b")]
        """);

    [Fact]
    public void A_layer_cannot_read_itself() => Definition.LayersReport("CNN0009",
        "Add 'a' reads 'a', which is no value of a layer above it; a layer reads earlier ones only",
        """
        [Input("x", 3), {|Add("a", "a")|}]
        """);

    [Fact]
    public void Null_is_no_name() => Definition.LayersReport("CNN0009",
        "MatMul 'm' reads '', but no layer above it has that name; did you mean 'x'?",
        """
        [Input("x", 3, 3), {|MatMul("m", "x", null!)|}]
        """);

    [Fact]
    public void An_output_must_exist() => Definition.LayersReport("CNN0009",
        "Output reads 'sum', but no layer above it has that name; did you mean 'sun'?",
        """
        [Input("x", 3), Relu("sun"), {|Output("sum")|}]
        """);

    [Fact]
    public void A_split_is_read_by_its_parts() => Definition.LayersReport("CNN0009",
        "Relu 'r' reads 's', which is no value of a layer above it; a layer reads earlier ones only",
        """
        [Input("x", 4), Split("s", 2), {|Relu("r", From = "s")|}]
        """);
}
