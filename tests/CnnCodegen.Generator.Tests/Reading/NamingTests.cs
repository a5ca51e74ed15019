using CnnCodegen.Generator.Model;

namespace CnnCodegen.Generator.Tests.Reading;

public class NamingTests
{
    private static readonly Conv Pointwise = new(4, Window.Square(2, 1));
    private static readonly Activation Relu = new(ActivationKind.Relu);

    [Fact]
    public void An_unnamed_activation_or_norm_belongs_to_the_layer_before_it() => Definition.Reads(
        """
        [Input("x", 4, 2, 2)]
        [Conv("c", 4, Kernel = 1), BatchNorm, Relu, Dropout]
        [Conv("d", 4, Kernel = 1, From = "x")]
        [Add("sum", "c")]
        """,
        b =>
        {
            int x = b.Add("x", Image()), c = b.Add("c", Pointwise, x);
            int behind = b.Add("c.dropout", new Identity("Dropout"), b.Add("c.relu", Relu, b.Add("c.batchnorm", new BatchNorm(), c)));
            b.Add("sum", new Binary(BinaryKind.Add), b.Add("d", Pointwise, x), behind);
        });

    [Fact]
    public void A_named_activation_leaves_the_earlier_name_its_value() => Definition.Reads(
        """
        [Input("x", 4, 2, 2)]
        [Conv("c", 4, Kernel = 1), Relu("r"), Tanh]
        [Add("sum", "c", "r")]
        """,
        b =>
        {
            int c = b.Add("c", Pointwise, b.Add("x", Image()));
            int r = b.Add("r.tanh", new Activation(ActivationKind.Tanh), b.Add("r", Relu, c));
            b.Add("sum", new Binary(BinaryKind.Add), c, r);
        });

    [Fact]
    public void A_second_activation_of_a_kind_is_numbered() => Definition.Reads(
        """
        [Input("x", 4, 2, 2)]
        [Conv("c", 4, Kernel = 1), Relu, Tanh, Relu]
        """,
        b =>
        {
            int c = b.Add("c", Pointwise, b.Add("x", Image()));
            int tanh = b.Add("c.tanh", new Activation(ActivationKind.Tanh), b.Add("c.relu", Relu, c));
            b.Add("c.relu2", Relu, tanh);
        });

    [Fact]
    public void Other_unnamed_layers_are_numbered_by_kind_and_can_be_read() => Definition.Reads(
        """
        [Input("x", 4, 8, 8)]
        [MaxPool(2), Softmax, MaxPool(2), Relu]
        [Flatten(From = "maxpool1")]
        [Flatten(From = "maxpool2")]
        [Concat("both", "flatten1", "flatten2")]
        """,
        b =>
        {
            Pool pool = new(PoolKind.Max, Window.Square(2, 2, 2));
            int first = b.Add("maxpool1", pool, b.Add("x", new Input(TensorShape.Of(1, 4, 8, 8))));
            int second = b.Add("maxpool2", pool, b.Add("softmax1", new Softmax(3), first));
            int relu = b.Add("maxpool2.relu", Relu, second);
            b.Add("both", new Concat(2), b.Add("flatten1", new Flatten(), first), b.Add("flatten2", new Flatten(), relu));
        });

    [Fact]
    public void An_ordinal_that_is_taken_is_passed_over() => Definition.Reads(
        """
        [Input("x", 4, 8, 8)]
        [MaxPool("maxpool1", 2), MaxPool(2)]
        """,
        b =>
        {
            Pool pool = new(PoolKind.Max, Window.Square(2, 2, 2));
            b.Add("maxpool2", pool, b.Add("maxpool1", pool, b.Add("x", new Input(TensorShape.Of(1, 4, 8, 8)))));
        });

    [Fact]
    public void More_than_two_operands_are_chained() => Definition.Reads(
        """
        [Input("x", 4, 2, 2)]
        [Relu("r"), Tanh("t"), Exp("e"), Add("sum", "x", "r", "t", "e")]
        """,
        b =>
        {
            int x = b.Add("x", Image()), r = b.Add("r", Relu, x);
            int t = b.Add("t", new Activation(ActivationKind.Tanh), r), e = b.Add("e", new Activation(ActivationKind.Exp), t);
            Binary add = new(BinaryKind.Add);
            b.Add("sum", add, b.Add("sum.add2", add, b.Add("sum.add", add, x, r), t), e);
        });

    [Fact]
    public void One_operand_stands_beside_From() => Definition.Reads(
        """
        [Input("x", 4, 2, 2)]
        [Relu("r"), Sub("difference", "r", From = "x")]
        """,
        b =>
        {
            int x = b.Add("x", Image());
            b.Add("difference", new Binary(BinaryKind.Sub), x, b.Add("r", Relu, x));
        });

    [Fact]
    public void Names_may_differ_in_case_only() => Definition.Reads(
        """
        [Input("x", 4, 2, 2)]
        [Conv("c", 4, Kernel = 1), Conv("C", 4, Kernel = 1)]
        """,
        b => b.Add("C", Pointwise, b.Add("c", Pointwise, b.Add("x", Image()))));

    [Fact]
    public void Every_allowed_character_is_accepted() => Definition.Reads(
        """
        [Input("/aZ.0_9-x", 4, 2, 2)]
        [Relu]
        """,
        b => b.Add("/aZ.0_9-x.relu", Relu, b.Add("/aZ.0_9-x", Image())));

    [Fact]
    public void Weights_are_named_after_the_node() => Assert.Equal(
        ["c.weight", "c.batchnorm.weight", "c.batchnorm.bias", "c.batchnorm.running_mean", "c.batchnorm.running_var", "c.prelu.weight", "a.weight"],
        Definition.Read("""
            [Network]
            [Input("x", 4, 2, 2)]
            [Conv("c", 4, Kernel = 1, Bias = false), BatchNorm, PRelu, PRelu("a")]
            """).WeightTensors().Select(tensor => tensor.Name));

    private static Input Image() => new(TensorShape.Of(1, 4, 2, 2));
}
