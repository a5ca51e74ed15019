using CnnCodegen.Conformance.Tests.Harness;
using CnnCodegen.Execution;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Support;
using CnnCodegen.Weights;

namespace CnnCodegen.Conformance.Tests;

/// <summary>Weight files of sparse layers at the ends of what they may hold: no weight that is not zero, and more than promised.</summary>
public class SparseTests
{
    private static readonly Lazy<CaseGroup> Group = new(() => new CaseGroup("SparseFiles",
    [
        Case.Layer("SparseFileConv", Numbers.Integers, new Conv(5, Window.Square(2, 3, 1, 1)) { Refinement = new Sparse(0.25) }, TensorShape.Of(1, 4, 9, 10)),
        Case.Layer("SparseFileLinear", Numbers.Integers, new Linear(7) { Refinement = new Sparse(0.25) }, TensorShape.Of(2, 36)),
    ]));

    public static TheoryData<string> Names => ["SparseFileConv", "SparseFileLinear"];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_layer_without_a_weight_is_its_bias(string name)
    {
        Case source = Group.Value[name];
        CaseData data = new(source);
        ReadOnlySpan<float> bias = data.Weight("y.bias").Span;
        TensorShape shape = source.Model.Nodes[source.Model.Outputs[0]].Shape;
        int pixels = shape.Rank > 2 ? shape[2] * shape[3] : 1;
        foreach (Variant variant in Group.Value.VariantsOf(name))
        {
            // A negative zero is a zero.
            using NetworkHost network = Open(Group.Value, variant, data, weights => weights.Fill(-0f));
            float[] output = ProgramRun.Run(network, data.Inputs)[0];
            for (int i = 0; i < output.Length; i++) Assert.Equal(bias[i / pixels % bias.Length], output[i]);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void More_weights_than_promised_are_refused_whatever_the_algorithm(string name)
    {
        CaseData data = new(Group.Value[name]);
        int all = data.Weight("y.weight").Length, limit = all / 4;
        foreach (Variant variant in Group.Value.VariantsOf(name))
        {
            using (Open(Group.Value, variant, data, weights => Keep(weights, limit)))
            {
            }

            WeightFileException refusal = Assert.Throws<WeightFileException>(() => Open(Group.Value, variant, data, weights => Keep(weights, limit + 1)));
            Assert.Contains($"tensor 'y.weight': {limit + 1} of {all} weights are not zero, expected at most {limit}; prune the weights, or let the layer's attribute promise a density of 0.2", refusal.Message, StringComparison.Ordinal);
        }

        static void Keep(Span<float> weights, int count)
        {
            weights[..count].Fill(1);
            weights[count..].Clear();
        }
    }

    [Fact]
    public void A_weight_outside_the_places_of_the_build_is_refused()
    {
        CaseGroup group = new("UnrolledFiles",
        [
            Case.Layer("UnrolledFileConv", Numbers.Integers, new Conv(5, Window.Square(2, 3, 1, 1)) { Refinement = new Sparse(0.25) { Unroll = true } }, TensorShape.Of(1, 4, 9, 10)).WithPlaces(1),
            Case.Layer("UnrolledFileLinear", Numbers.Integers, new Linear(7) { Refinement = new Sparse(0.25) { Unroll = true } }, TensorShape.Of(2, 36)).WithPlaces(1),
        ]);
        foreach (Variant variant in group.Variants.Where(v => v.Algorithms.Contains("unrolled")))
        {
            CaseData data = new(variant.Case);
            EquatableArray<int> places = variant.Case.Model.Manifest!.NonZeros("y.weight")!.Value;
            int stray = Enumerable.Range(0, data.Weight("y.weight").Length).Except(places).First();
            using (Open(group, variant, data, weights => weights[places[0]] = 0))
            {
            }

            WeightFileException refusal = Assert.Throws<WeightFileException>(() => Open(group, variant, data, weights => (weights[places[0]], weights[stray]) = (0, 1)));
            Assert.Contains($"tensor 'y.weight': weight {stray} is not zero, but was when the network was compiled", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_weight_beside_the_shared_places_is_refused()
    {
        CaseGroup group = new("ShapewiseFiles",
        [
            Case.Layer("ShapewiseFile", Numbers.Integers, new Conv(8, Window.Square(2, 3, 1, 1)) { Refinement = new Sparse(0.25) { Shared = true } }, TensorShape.Of(1, 4, 5, 6)),
        ]);
        foreach (Variant variant in group.Variants)
        {
            CaseData data = new(variant.Case);
            using (Open(group, variant, data, weights => Keep(weights, 9)))
            {
            }

            WeightFileException refusal = Assert.Throws<WeightFileException>(() => Open(group, variant, data, weights => Keep(weights, 10)));
            Assert.Contains("tensor 'y.weight': its filters have weights at 10 of 36 places, expected at most 9; prune whole places, or leave out Shared", refusal.Message, StringComparison.Ordinal);
        }

        static void Keep(Span<float> weights, int places)
        {
            weights.Clear();
            for (int i = 0; i < places; i++) weights[(i % 8 * 36) + (3 * i)] = 1;
        }
    }

    /// <summary>Loads a variant with weights that <paramref name="edit"/> has changed.</summary>
    private static NetworkHost Open(CaseGroup group, Variant variant, CaseData data, SpanAction edit)
    {
        using MemoryStream file = new();
        SafetensorsWriter.Write(file, variant.Case.Model.WeightTensors().Select(tensor =>
        {
            float[] values = data.Weight(tensor.Name).ToArray();
            if (tensor.Name == "y.weight") edit(values);
            return (tensor.Name, tensor.Shape.Dims.ToArray(), (ReadOnlyMemory<float>)values);
        }));
        file.Position = 0;
        NetworkProgram program = group.Batch.Program(variant);
        return NetworkHost.Open([program], file, new NetworkOptions { Isa = program.Info.Isa, AllowEmulation = true, Threads = 1 });
    }

    private delegate void SpanAction(Span<float> weights);
}
