namespace CnnCodegen.Generator.Model.Rewrites;

/// <summary>The rewrites, in order. Each is model to model and keeps every output's value.</summary>
internal static class Rewriter
{
    public static NetworkModel Rewrite(NetworkModel model)
    {
        model = RemoveDeadNodes.Apply(RemoveIdentities.Apply(model));
        model = RemoveDeadNodes.Apply(FoldPadding.Apply(model));
        model = RemoveDeadNodes.Apply(BinarizeEarly.Apply(model));
        model = RemoveDeadNodes.Apply(MergeClamps.Apply(model));
        return RemoveDeadNodes.Apply(FuseEpilogues.Apply(model));
    }
}
