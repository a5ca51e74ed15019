using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Tests.Planning;

/// <summary>Values that a concatenation joins are made in their places.</summary>
public class ConcatTests
{
    [Fact]
    public void Whole_blocks_are_not_copied()
    {
        NetworkPlan plan = Plan(8, 16);

        Assert.Equal(["a", "b", "c"], plan.Steps.Where(s => s.Kernel.Algorithm != "reorder").Select(s => s.Layer));
        Assert.DoesNotContain(plan.Steps, s => s.Layer == "cat");
        StepPlan a = plan.Steps.Single(s => s.Layer == "a"), b = plan.Steps.Single(s => s.Layer == "b" && s.Macs > 0), c = plan.Steps.Single(s => s.Layer == "c" && s.Macs > 0);
        Assert.Equal(a.Output, c.Input);
        Assert.Equal(a.Output.Offset + a.OutputView.Bytes, b.Output.Offset);
        Assert.Equal(a.OutputView.Border, b.OutputView.Border);
    }

    [Fact]
    public void What_ends_or_begins_inside_a_block_is_copied() => Assert.Equal(2, Plan(5, 16).Steps.Count(s => s.Layer == "cat"));

    [Fact]
    public void The_last_may_end_inside_a_block() => Assert.DoesNotContain(Plan(16, 5).Steps, s => s.Layer == "cat");

    [Fact]
    public void A_batch_is_copied() => Assert.Equal(2, Plan(8, 16, batch: 2).Steps.Count(s => s.Layer == "cat"));

    private static NetworkPlan Plan(int first, int second, int batch = 1)
    {
        NetworkBuilder builder = new();
        int x = builder.Add("x", new Input(TensorShape.Of(batch, 8, 6, 6)));
        int a = Conv("a", first, x), b = Conv("b", second, x);
        Conv("c", 8, builder.Add("cat", new Concat(2), a, b));
        return NetworkPlanner.Plan(builder.Build(new NetworkType("Demo", "Net")), Isa.Avx2);

        int Conv(string name, int channels, int input) => builder.Add(name, new Conv(channels, Window.Square(2, 3, 1, 1)), input);
    }
}
