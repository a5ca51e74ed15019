namespace CnnCodegen.Generator.Tests.Diagnostics;

public class Cnn0008DuplicateNameTests
{
    [Fact]
    public void Two_layers_cannot_have_one_name() => Definition.LayersReport("CNN0008",
        "Tanh 'a' has the name of Relu 'a' above it; names are unique in a network, so rename one of them",
        """
        [Input("x", 3), Relu("a"), {|Tanh("a")|}]
        """);

    [Fact]
    public void An_unnamed_layer_has_a_name_too() => Definition.LayersReport("CNN0008",
        "Relu 'x.relu' has the name of Relu behind 'x' above it; names are unique in a network, so rename one of them",
        """
        [Input("x", 3), Relu, {|Relu("x.relu")|}]
        """);

    [Fact]
    public void The_values_of_a_split_have_names() => Definition.LayersReport("CNN0008",
        "'s.1', a value of Split 's', has the name of Relu 's.1' above it; names are unique in a network, so rename one of them",
        """
        [Input("x", 4), Relu("s.1"), {|Split("s", 2)|}, Add("sum", "s.0", "s.1")]
        """);
}
