using System.Globalization;
using CnnCodegen.Conformance.Tests.Harness;
using FsCheck;
using FsCheck.Fluent;
using Xunit.Abstractions;

namespace CnnCodegen.Conformance.Tests.RandomNetworks;

/// <summary>
/// Random networks are what the oracle says, on every instruction set. A failure is shrunk to the fewest and smallest layers that still fail.
/// Another seed than the usual one is taken from the environment variable <c>CNN_SEED</c>.
/// </summary>
public class RandomNetworkTests(ITestOutputHelper output)
{
    private const int Networks = 24, MaxLayers = 10;

    private static readonly Gen<Choice> Choices = Gen.Choose(0, Choice.Limit - 1).ArrayOf(4).Select(Choice.Of);

    private static readonly Gen<Recipe> Recipes =
        from input in Choices
        from count in Gen.Choose(3, MaxLayers)
        from layers in Choices.ArrayOf(count)
        select new Recipe(input, layers);

    [Fact]
    public void Random_networks_are_right_and_touch_no_byte_beside_their_memory()
    {
        ulong seed = ulong.Parse(Environment.GetEnvironmentVariable("CNN_SEED") ?? "20130", CultureInfo.InvariantCulture);
        output.WriteLine(FormattableString.Invariant($"CNN_SEED={seed}"));
        Recipe[] recipes = [.. Recipes.Sample(Networks, new Rnd(seed), Networks)];
        Case[] cases = [.. recipes.Select((recipe, i) => recipe.ToCase($"Random{i}"))];
        ILookup<Case, Variant> variants = cases.SelectMany(Variant.Whole).ToLookup(v => v.Case);
        Batch batch = Batch.Compile("Random", variants.SelectMany(v => v));
        for (int i = 0; i < recipes.Length; i++)
        {
            if (ProgramRun.Errors(cases[i], variants[cases[i]], batch).Count == 0) continue;
            Property holds = Prop.ForAll(Arb.ToArbitrary(Gen.Constant(recipes[i]), recipe => recipe.Shrink()), AssertRight);
            Check.One(Config.QuickThrowOnFailure.WithMaxTest(1), holds);
        }
    }

    private static void AssertRight(Recipe recipe)
    {
        Case source = recipe.ToCase("Shrunk");
        Variant[] variants = [.. Variant.Whole(source)];
        List<string> errors = ProgramRun.Errors(source, variants, Batch.Compile("Shrunk", variants));
        Assert.True(errors.Count == 0, $"{recipe}\n{string.Join('\n', errors)}");
    }
}
