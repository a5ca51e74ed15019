using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CnnCodegen.Generator.Tests.Emission;

/// <summary>The generated code compiles without a warning whatever the project around it says, and contains.</summary>
public class ConsumerTests
{
    [Theory]
    [InlineData(LanguageVersion.CSharp12, false, NullableContextOptions.Enable)]
    [InlineData(LanguageVersion.CSharp13, true, NullableContextOptions.Disable)]
    [InlineData(LanguageVersion.Latest, true, NullableContextOptions.Enable)]
    public void Every_algorithm_compiles(LanguageVersion language, bool isChecked, NullableContextOptions nullable) =>
        Compiles(new ConsumerProject(language, isChecked, nullable), AlgorithmCases.Sources);

    [Fact]
    public void Types_of_the_user_shadow_nothing() => Compiles(
        new ConsumerProject(),
        """
        class Vector128; class Vector256; class Vector512; class Sse; class Avx2; class Math; class MathF; class Unsafe; class Span;
        class Operands; class Border; class Frame; class WeightPacker; class ConvTensors; class TargetIsa; class LayerInfo;

        namespace Demo.CnnCodegen.System
        {
            [global::CnnCodegen.Network, global::CnnCodegen.Input("x", 8, 3, 3), global::CnnCodegen.Conv("c", 4, Kernel = 3, Padding = 1), global::CnnCodegen.Softmax]
            sealed partial class Net;

            class Vector256; class Math; class Operands; class Unsafe; class NetworkProgram; class NetworkHost;
        }
        """,
        """
        namespace CnnCodegen.Mine
        {
            [Network, Input("x", 8, 3, 3), GlobalAveragePool, Softmax]
            sealed partial class Net;

            class System; class CnnCodegen; class Vector256; class Math; class Operands; class NetworkProgram;
        }

        namespace NetworkInfo.Operands
        {
            [global::CnnCodegen.Network, global::CnnCodegen.Input("x", 8, 3, 3), global::CnnCodegen.MaxPool(2)]
            sealed partial class Math;
        }
        """,
        """
        using CnnCodegen;

        [Network, Input("x", 4), Linear("fc", 2), Elu]
        sealed partial class NetOfNoNamespace;
        """);

    [Fact]
    public void Keywords_are_names() => Compiles(new ConsumerProject(), """
        using CnnCodegen;

        namespace @namespace.@int
        {
            /// <summary>A public class.</summary>
            [Network, Input("in", 4), Input("int", 4), Add("out", "in", "int"), Linear("ref", 2), Softmax]
            [Output("out", "softmax1")]
            public sealed partial class @class;

            [Network, Input("x", 4), Relu] sealed partial class @required;
            [Network, Input("x", 4), Relu] sealed partial class @record;
            [Network, Input("x", 4), Relu] sealed partial class @file;
        }
        """);

    [Fact]
    public void Names_of_layers_need_not_be_identifiers() => Compiles(new ConsumerProject(), """
        using CnnCodegen;

        namespace Demo
        {
            [Network(Weights = "a<b>&\u2028\n\r\"c\\")]
            [Input("encoder/block.0-x", 4), Input("0", 4), Input("-", 4), Input("/", 4), Input("_host", 4), Input("Run", 4), Input("runs", 4), Input("this", 4)]
            [Add("0Pointer", "0", "-", "/", "_host", "Run", "runs", "this"), Add("_0Pointer", "0", "0Pointer"), Add("encoder/block/0-x", "encoder/block.0-x", "_0Pointer")]
            [Output("encoder/block/0-x", "_0Pointer", "0Pointer")]
            sealed partial class Net;
        }
        """);

    [Fact]
    public void An_input_and_an_output_may_have_one_name() =>
        Compiles(new ConsumerProject(), "using CnnCodegen; [Network, Input(\"x\", 4), Relu] sealed partial class Net;");

    [Fact]
    public void Names_may_differ_in_case_only() => Compiles(new ConsumerProject(), """
        using CnnCodegen;

        namespace Demo
        {
            [Network, Input("x", 4), Relu] sealed partial class Net;
            [Network, Input("x", 4), Input("X", 4), Add("sum", "x", "X")] sealed partial class NET;
        }

        namespace demo
        {
            [Network, Input("x", 4), Relu] sealed partial class Net;
        }
        """);

    [Fact]
    public void Identifiers_may_hold_any_letter() => Compiles(
        new ConsumerProject(),
        "using CnnCodegen; namespace Größe.\u0421\u0435\u0442\u044c { [Network, Input(\"x\", 4), Relu] sealed partial class Ne\u0301t\u203F\u0661; }");

    private static void Compiles(ConsumerProject project, params string[] sources) => Assert.Equal("", project.Compile(sources));
}
