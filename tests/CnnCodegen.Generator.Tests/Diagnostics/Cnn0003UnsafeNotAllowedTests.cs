namespace CnnCodegen.Generator.Tests.Diagnostics;

public class Cnn0003UnsafeNotAllowedTests
{
    [Fact]
    public void Unsafe_code_must_be_allowed() => Definition.Reports("CNN0003",
        "the code of network 'Net' uses pointers; set <AllowUnsafeBlocks>true</AllowUnsafeBlocks> in the project file",
        """
        using CnnCodegen;
        [Network, Input("x", 3), Relu]
        public partial class {|Net|};
        """, allowUnsafe: false);
}
