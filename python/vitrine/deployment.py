"""The parts of a running Vitrine, made as the settings say: for the command line, workers and hosts of your own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import TypeVar, cast

import vitrine
from vitrine.settings import Settings

T = TypeVar("T")

_CHECK_SECONDS = 10
_LONGEST_ADDRESS_SECONDS = 7 * 86_400


class Deployment:
    """Makes each part when it is first asked for, and only once. Safe to use from many threads at once.

    Parameters
    ----------
    settings
        From vitrine.settings.load_settings().
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._made: dict[str, object] = {}
        self._lock = threading.RLock()

    @property
    def data_folder(self) -> Path:
        """Where everything is that stays on this machine; made for its owner alone if it is missing.

        Raises
        ------
        PermissionDeniedError
            It cannot be made.
        """
        folder = self.settings.data_folder
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise vitrine.PermissionDeniedError(
                f"The data folder '{folder}' cannot be made: {error.strerror}. Choose another: VITRINE_DATA_FOLDER."
            ) from None
        return folder

    @property
    def transport(self) -> vitrine.HttpTransport:
        """One pool of connections for everybody."""
        return self._once("transport", vitrine.make_curl_transport)

    @property
    def credentials(self) -> vitrine.GoogleCredentials:
        """Google's, from the file that is set or what the machine offers.

        Raises
        ------
        NotFoundError, PermissionDeniedError, CorruptDataError
        """
        return self._once("credentials", self._open_credentials)

    @property
    def jobs(self) -> vitrine.JobStore:
        """The job store."""
        return self._once("jobs", self._open_jobs)

    @property
    def objects(self) -> vitrine.ObjectStore:
        """The object store."""
        return self._once("objects", self._open_objects)

    @property
    def generator(self) -> vitrine.ImageGenerator:
        """Who makes pictures.

        Raises
        ------
        PermissionDeniedError
            It needs a key and there is none.
        """
        return self._once("generator", self._make_generator)

    @property
    def pipeline(self) -> vitrine.Pipeline:
        """Does the kinds "artwork", "mockup" and "listing"."""
        return self._once("pipeline", self._make_pipeline)

    def engine(
        self, on_end: Callable[[vitrine.Job, vitrine.AttemptReport], object] | None = None
    ) -> vitrine.LocalEngine:
        """A new engine that runs jobs in threads of this process, not yet started.

        Parameters
        ----------
        on_end
            Called after each attempt, from the threads that work.
        """
        return vitrine.LocalEngine(
            self.jobs, self.pipeline, workers=self.settings.workers, lease=self.settings.lease, on_end=on_end
        )

    def estimator(self) -> vitrine.ImageGenerator:
        """A generator that is only asked what a picture would cost: it needs no key."""
        return self._bfl() if self.settings.generator == "bfl" else self.generator

    def check(self) -> list[str]:
        """Reaches everything that is set up, before any work is taken or paid for.

        Returns
        -------
        What is away at the moment, a sentence each: worth trying again.

        Raises
        ------
        Error
            What no waiting mends: permission_denied, not_found and the like.
        """
        away = []
        for ask in self._checks():
            try:
                # The parts themselves are more patient than somebody who waits for a start.
                ask(vitrine.Context(timeout=_CHECK_SECONDS))
            except vitrine.Error as error:
                if not error.retryable and not isinstance(error, vitrine.DeadlineExceededError):
                    raise
                away.append(str(error))
        return away

    def check_key(self, context: vitrine.Context | None = None) -> None:
        """Asks Black Forest Labs for the balance, which is free, to learn whether key and connection are good.

        Raises
        ------
        PermissionDeniedError, UnavailableError, RateLimitedError
        """
        limit = context or vitrine.Context(timeout=_CHECK_SECONDS)
        try:
            vitrine.bfl_balance(
                self._bfl_key(), transport=self.transport, base_url=self.settings.bfl_base_url, context=limit
            )
        except vitrine.DeadlineExceededError:
            raise vitrine.UnavailableError(
                f"Black Forest Labs did not answer within {_CHECK_SECONDS} s. Nothing was ordered. "
                "Check the network and the proxy, or try again later."
            ) from None
        except (vitrine.NotFoundError, vitrine.CorruptDataError):
            pass  # a gateway need not know the question

    def _checks(self) -> list[Callable[[vitrine.Context], object]]:
        checks: list[Callable[[vitrine.Context], object]] = [
            lambda context: self.jobs.list(limit=1, context=context),
            lambda context: self.objects.list(self.settings.templates, limit=1, context=context),
            lambda context: self.generator,
        ]
        if self.settings.generator == "bfl":
            checks.append(self.check_key)
        return checks

    def _once(self, name: str, make: Callable[[], T]) -> T:
        with self._lock:
            if name not in self._made:
                self._made[name] = make()
            return cast(T, self._made[name])

    def _open_credentials(self) -> vitrine.GoogleCredentials:
        return vitrine.open_google_credentials(self.settings.google_credentials or "", transport=self.transport)

    def _open_jobs(self) -> vitrine.JobStore:
        settings = self.settings
        if settings.job_store == "memory":
            return vitrine.make_memory_job_store()
        if settings.job_store == "sqlite":
            return vitrine.open_sqlite_job_store(
                self.data_folder / "jobs.sqlite", synchronous=settings.sqlite_synchronous
            )
        # Not through self, which holds the job store: the two would keep each other alive.
        objects = self.objects
        return vitrine.make_firestore_job_store(
            None if settings.firestore_emulator else self.credentials,
            transport=self.transport,
            project=settings.google_project,
            emulator_host=settings.firestore_emulator,
            address_of=lambda key: objects.url(key, lifetime=_LONGEST_ADDRESS_SECONDS),
        )

    def _open_objects(self) -> vitrine.ObjectStore:
        settings = self.settings
        if settings.object_store == "memory":
            return vitrine.make_memory_object_store()
        if settings.object_store == "file":
            return vitrine.open_file_object_store(self.data_folder / "objects")
        if not settings.bucket:
            raise vitrine.NotFoundError(
                f"No bucket is named for the object store {settings.object_store}. Set VITRINE_BUCKET."
            )
        if settings.object_store == "s3":
            return vitrine.make_s3_object_store(
                settings.bucket, transport=self.transport, region=settings.s3_region, endpoint=settings.s3_endpoint
            )
        return vitrine.make_gcs_object_store(
            settings.bucket,
            None if settings.storage_emulator else self.credentials,
            transport=self.transport,
            endpoint=settings.storage_emulator,
            # The old web page keeps addresses in documents for good, and its download button trusts only Google's
            # hosts: a signed address would be dead after a week.
            address="firebase_token" if settings.job_store == "firestore" else "signed_v4",
        )

    def _make_generator(self) -> vitrine.ImageGenerator:
        if self.settings.generator == "procedural":
            return vitrine.make_procedural_generator()
        if not self._bfl_key():
            raise vitrine.PermissionDeniedError(
                "There is no key for Black Forest Labs. Set BFL_API_KEY, or use the generator 'procedural'."
            )
        return self._bfl()

    def _bfl_key(self) -> str:
        return self.settings.bfl_api_key.get_secret_value()

    def _bfl(self) -> vitrine.ImageGenerator:
        settings = self.settings
        return self._once(
            "bfl",
            lambda: vitrine.make_bfl_generator(
                self._bfl_key(),
                transport=self.transport,
                base_url=settings.bfl_base_url,
                model=settings.bfl_model,
                price_table=settings.bfl_prices or "",
            ),
        )

    def _make_pipeline(self) -> vitrine.Pipeline:
        settings = self.settings
        return vitrine.Pipeline(
            self.jobs,
            self.objects,
            generator=self.generator,
            downloads=vitrine.UrlPolicy(trusted_hosts=settings.trusted_hosts),
            transport=self.transport,
            own_bucket=settings.bucket if settings.object_store == "gcs" else "",
            input_folder=settings.input_folder or "",
            templates=settings.templates,
            policy=vitrine.RegionPolicy(min_confidence=settings.min_confidence),
            decoding=vitrine.DecodeOptions(max_pixels=settings.max_pixels),
            budget_per_job=micro_usd(settings.budget_per_job),
            budget_per_day=micro_usd(settings.budget_per_day),
            memory_bytes=settings.memory_mb << 20,
            cache_bytes=(settings.memory_mb << 20) // 4,
        )


def micro_usd(dollars: Decimal | None) -> vitrine.MicroUsd | None:
    """An amount of dollars in whole millionths; None stays None."""
    return None if dollars is None else vitrine.MicroUsd(int(dollars * 1_000_000))
