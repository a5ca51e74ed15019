using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Tests.Planning;

/// <summary>Sparse convolutions have the forms of their neighbours, and are chosen where they are faster with the changes that remain.</summary>
public class SparseFormsTests
{
    private static readonly Conv Dense = new(64, Window.Square(2, 3, 1, 1)), Sparse = Dense with { Refinement = new Sparse(0.1) };

    [Fact]
    public void Between_channel_blocks_nothing_changes_its_form() => Assert.All([Isa.Avx2, Isa.Avx512, Isa.Portable], isa =>
    {
        NetworkPlan plan = Plan(isa, Dense, Sparse with { Algorithm = Generator.Model.ConvAlgorithm.Sparse }, Dense);

        Assert.Equal("sparse", Step(plan, "l1").Kernel.Algorithm);
        Assert.Equal([Form.Blocked, Form.Blocked], new[] { "l0", "l1" }.Select(layer => Step(plan, layer).OutputView.Form));
        Assert.Equal(["x", "l2"], Changes(plan));
    });

    [Fact]
    public void A_chain_remains_in_planes()
    {
        NetworkPlan plan = Plan(Isa.Avx2, Dense, Sparse, Sparse, Sparse, Dense);

        Assert.Equal([Form.Blocked, Form.Padded, Form.Padded, Form.Blocked], Enumerable.Range(0, 4).Select(i => Step(plan, $"l{i}").OutputView.Form));
        Assert.Equal(["x", "l4"], Changes(plan));
    }

    [Fact]
    public void Alone_it_reads_and_writes_planes() => Assert.Equal(Form.Padded, Step(Plan(Isa.Avx2, Sparse), "l0").OutputView.Form);

    [Theory]
    [InlineData(3, 0.1, "sparse")]
    [InlineData(3, 0.4, "winograd4x4")]
    public void Chosen_where_it_was_measured_to_be_faster(int kernel, double density, string algorithm) =>
        Assert.Equal(algorithm, Step(Plan(Isa.Avx2, Dense, Dense with { Window = Window.Square(2, kernel, 1, kernel / 2), Refinement = new Sparse(density) }, Dense), "l1").Kernel.Algorithm);

    [Theory]
    [InlineData(3, 0.1, "depthwise")]
    [InlineData(5, 0.1, "depthwise")]
    [InlineData(7, 0.1, "sparse")]
    [InlineData(7, 0.4, "depthwise")]
    [InlineData(31, 0.1, "fft")]
    public void Depthwise_ones_are_chosen_where_they_were_measured_to_be_faster(int kernel, double density, string algorithm)
    {
        Conv depthwise = new(64, Window.Square(2, kernel, 1, kernel / 2), Groups: 64);

        string chosen = Step(Plan(Isa.Avx2, Dense, depthwise with { Refinement = new Sparse(density) }, Dense), "l1").Kernel.Algorithm;

        Assert.Equal(algorithm, chosen);
    }

    private static StepPlan Step(NetworkPlan plan, string layer) => plan.Steps.Last(s => s.Layer == layer && s.Reason != NetworkPlanner.ChangeOfForm);

    private static IEnumerable<string> Changes(NetworkPlan plan) => plan.Steps.Where(s => s.Reason == NetworkPlanner.ChangeOfForm).Select(s => s.Layer);

    /// <summary>Layers one after the other on 56x56 pixels.</summary>
    private static NetworkPlan Plan(Isa isa, params Conv[] layers)
    {
        NetworkBuilder builder = new();
        int value = builder.Add("x", new Input(TensorShape.Of(1, 64, 56, 56)));
        for (int i = 0; i < layers.Length; i++) value = builder.Add($"l{i}", layers[i], value);
        return NetworkPlanner.Plan(builder.Build(new NetworkType("Demo", "Net"), value), isa);
    }
}
