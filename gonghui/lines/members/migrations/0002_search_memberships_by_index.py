from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("kernel_orgs", "0001_initial"),
        ("members", "0001_initial"),
        ("people", "0002_index_persons_by_identity_number"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="membership",
            index=models.Index(
                fields=["number"], name="membership_numbered", opclasses=["varchar_pattern_ops"]
            ),
        ),
        AddIndexConcurrently(
            model_name="membership",
            index=models.Index(
                condition=models.Q(("voided_at", None)),
                fields=["org"],
                include=("person", "number"),
                name="membership_searched",
            ),
        ),
        RemoveIndexConcurrently(model_name="membership", name="membership_of_person"),
    ]
