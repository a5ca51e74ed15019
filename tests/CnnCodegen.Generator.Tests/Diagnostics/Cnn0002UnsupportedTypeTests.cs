namespace CnnCodegen.Generator.Tests.Diagnostics;

public class Cnn0002UnsupportedTypeTests
{
    [Theory]
    [InlineData("public partial class Outer { [Network, Input(\"x\", 3), Relu] public partial class {|Net|} { } }", "nested in 'Outer'")]
    [InlineData("[Network, Input(\"x\", 3), Relu] public partial class {|Net|}<T> { }", "generic")]
    [InlineData("[Network, Input(\"x\", 3), Relu] public static partial class {|Net|} { }", "static")]
    [InlineData("[Network, Input(\"x\", 3), Relu] public abstract partial class {|Net|} { }", "abstract")]
    [InlineData("[Network, Input(\"x\", 3), Relu] public partial record {|Net|};", "a record")]
    [InlineData("[Network, Input(\"x\", 3), Relu] public partial record struct {|Net|};", "a record")]
    [InlineData("[Network, Input(\"x\", 3), Relu] public partial struct {|Net|} { }", "no class")]
    [InlineData("[Network, Input(\"x\", 3), Relu] public partial class {|Net|}(int x) { public int X => x; }", "given a primary constructor, and is made by Load")]
    [InlineData("[Network, Input(\"x\", 3), Relu] public partial class {|Net|}; partial class Net(int x) { public int X => x; }", "given a primary constructor, and is made by Load")]
    [InlineData("[Network, Input(\"x\", 3), Relu] file partial class {|Net|} { }", "local to its file")]
    public void Only_a_plain_class_can_be_a_network(string source, string obstacle) => Definition.Reports("CNN0002",
        $"'Net' is {obstacle}; a network is a plain class of a namespace",
        "using CnnCodegen;\n" + source);

    [Theory]
    [InlineData("Run")]
    [InlineData("Info")]
    public void A_network_is_not_called_like_a_generated_member(string name) => Definition.Reports("CNN0002",
        $"'{name}' is called like a member that is generated into it (Load, Run, Profile, Info, Dispose, Programs, _host); a network is a plain class of a namespace",
        $"using CnnCodegen;\n[Network, Input(\"x\", 3), Relu] public partial class {{|{name}|}};");
}
